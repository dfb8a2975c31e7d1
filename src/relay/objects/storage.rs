//! SQLite of a Durable Object, through the calls that can fail without taking the object down.

use std::borrow::Cow;
use std::cell::Cell;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::{Error, Result, State};

use crate::relay::platform;

#[wasm_bindgen]
extern "C" {
    /// What the wrapper's storage does not offer.
    type Platform;

    #[wasm_bindgen(method, getter)]
    fn sql(this: &Platform) -> JsValue;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Platform,
        work: &mut dyn FnMut() -> std::result::Result<(), JsValue>,
    ) -> std::result::Result<(), JsValue>;
}

/// The tables of an object, made and changed in numbered steps.
pub(super) struct Storage {
    platform: Platform,
    sql: JsValue,
    migrations: &'static [&'static [&'static str]],
    /// Known to be up to date. Nothing drops a table while the object lives.
    is_prepared: Cell<bool>,
}

impl Storage {
    /// The storage of this object, whose tables these steps make. A step that has been released
    /// never changes; a new one is added behind it.
    pub(super) fn new(state: &State, migrations: &'static [&'static [&'static str]]) -> Self {
        let platform: Platform = JsValue::from(state.storage().as_raw()).unchecked_into();
        Self { sql: platform.sql(), platform, migrations, is_prepared: Cell::new(false) }
    }

    /// Brings the tables up to date. Called before a write: an object that only reads has nothing
    /// to store, and should leave no trace on the disk.
    pub(super) fn prepare(&self) -> Result<()> {
        if self.is_prepared.get() {
            return Ok(());
        }
        self.atomically(|| self.migrate())?;
        self.is_prepared.set(true);
        Ok(())
    }

    fn migrate(&self) -> Result<()> {
        self.run("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)", vec![])?;
        let done = self.row::<Count>("SELECT count(*) AS count FROM migration", vec![])?;
        let done = done.map_or(0, |row| row.count);
        for (number, step) in self.migrations.iter().enumerate().skip(done) {
            for statements in *step {
                self.run(statements, vec![])?;
            }
            self.run("INSERT INTO migration (number) VALUES (?)", vec![integer(number as u64)])?;
        }
        Ok(())
    }

    /// Does all of this or, where it fails, nothing: by itself the platform keeps what went before
    /// a statement that fails.
    pub(super) fn atomically<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let (mut work, mut result) = (Some(work), None);
        let committed = self.platform.transaction_sync(&mut || {
            let outcome = work.take().map(|work| work());
            let has_failed = outcome.as_ref().is_none_or(Result::is_err);
            result = outcome;
            if has_failed { Err(JsValue::NULL) } else { Ok(()) }
        });
        match (committed, result) {
            (Ok(()), Some(done)) | (Err(_), Some(done @ Err(_))) => done,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(Error::RustError("a transaction did nothing".into())),
        }
    }

    /// Deletes everything, the alarm included, and the file that held it; then makes the tables
    /// anew, for whoever is in the midst of something.
    pub(super) async fn start_over(&self, state: &State) -> Result<()> {
        let deleted = JsFuture::from(state.storage().as_raw().delete_all()?);
        self.is_prepared.set(false);
        self.prepare()?;
        deleted.await.map(drop).map_err(Error::from)
    }

    /// Whether anything was ever stored.
    pub(super) fn is_used(&self) -> Result<bool> {
        if self.is_prepared.get() {
            return Ok(true);
        }
        let tables = self.row::<Count>(
            "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name = 'migration'",
            vec![],
        )?;
        Ok(tables.is_some_and(|row| row.count > 0))
    }

    /// Runs a statement that answers nothing.
    pub(super) fn run(&self, statement: &str, values: Vec<Value<'_>>) -> Result<()> {
        Ok(platform::execute(&self.sql, statement, &serde_json::to_string(&values)?)?)
    }

    /// Runs a query and reads its rows to the end.
    pub(super) fn rows<T: DeserializeOwned>(&self, query: &str, values: Vec<Value<'_>>) -> Result<Vec<T>> {
        let rows = platform::query(&self.sql, query, &serde_json::to_string(&values)?)?;
        Ok(serde_json::from_str(&rows)?)
    }

    /// Runs a query of which one row at most is of interest.
    pub(super) fn row<T: DeserializeOwned>(&self, query: &str, values: Vec<Value<'_>>) -> Result<Option<T>> {
        Ok(self.rows(query, values)?.into_iter().next())
    }
}

#[derive(serde::Deserialize)]
struct Count {
    count: usize,
}

/// A value as SQL has it.
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub(super) enum Value<'v> {
    Null,
    /// Numbers cross into JavaScript as doubles: exact below 2⁵³, which milliseconds and counters stay
    /// under.
    Integer(u64),
    Text(Cow<'v, str>),
}

/// A number as SQL has it.
pub(super) const fn integer(number: u64) -> Value<'static> {
    Value::Integer(number)
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'v, T: Into<Self>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
