//! Generates the JavaScript that goes with a wasm module.

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(env::args_os())?;
    Ok(())
}
