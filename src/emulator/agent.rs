//! The agent: the script in use, read once.

use std::cell::RefCell;
use std::rc::Rc;

use worker::{Error, Result};

use super::script::{self, Script};
use super::script_reader::{self, Problem};
use super::store::Store;

/// Keeps the compiled script. It is borrowed only inside these methods, none of which pauses.
#[derive(Default)]
pub(super) struct Agent {
    script: RefCell<Option<Rc<Script>>>,
}

impl Agent {
    /// The script in use.
    pub(super) fn script(&self, store: &Store) -> Result<Rc<Script>> {
        if let Some(script) = &*self.script.borrow() {
            return Ok(Rc::clone(script));
        }
        let stored = store.script()?;
        let text = stored.as_deref().unwrap_or(script::DEFAULT);
        let script = script_reader::read(text.as_bytes()).map_err(|_| damaged())?;
        Ok(self.keep(script))
    }

    /// Puts another script in its place; gives the number of its rules, or all that is wrong.
    pub(super) fn learn(&self, store: &Store, body: &[u8]) -> Result<Result<usize, Vec<Problem>>> {
        let script = match script_reader::read(body) {
            Ok(script) => script,
            Err(problems) => return Ok(Err(problems)),
        };
        // What has been read as JSON is UTF-8.
        store.set_script(&String::from_utf8_lossy(body))?;
        Ok(Ok(self.keep(script).rules.len()))
    }

    /// The script is to be read anew.
    pub(super) fn forget(&self) {
        self.script.replace(None);
    }

    fn keep(&self, script: Script) -> Rc<Script> {
        let script = Rc::new(script);
        self.script.replace(Some(Rc::clone(&script)));
        script
    }
}

fn damaged() -> Error {
    Error::RustError("the stored script can't be read".to_owned())
}
