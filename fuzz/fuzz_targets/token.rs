#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ticketwire_fuzz::token::run(data));
