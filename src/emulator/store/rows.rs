//! Statements in, rows out.

use worker::{Error, Result, SqlStorageValue};

use super::Store;

impl Store {
    /// Runs a statement to its end, and gives what it found.
    pub(super) fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<Vec<Row>> {
        let found = self.sql.exec(statement, values)?;
        found.raw().map(|row| row.map(Row::new)).collect()
    }

    /// Runs a statement that finds at most one row.
    pub(super) fn find(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<Option<Row>> {
        Ok(self.run(statement, values)?.pop())
    }
}

/// The values of a row, taken from the first to the last.
pub(super) struct Row(std::vec::IntoIter<SqlStorageValue>);

impl Row {
    fn new(values: Vec<SqlStorageValue>) -> Self {
        Self(values.into_iter())
    }

    pub(super) fn text(&mut self) -> Result<String> {
        match self.0.next() {
            Some(SqlStorageValue::String(text)) => Ok(text),
            other => mismatch("text", other),
        }
    }

    pub(super) fn number(&mut self) -> Result<i64> {
        match self.0.next() {
            Some(SqlStorageValue::Integer(number)) => Ok(number),
            other => mismatch("a number", other),
        }
    }

    /// A whole number is a fraction as well.
    fn fraction(&mut self) -> Result<f64> {
        match self.0.next() {
            Some(SqlStorageValue::Float(number)) => Ok(number),
            Some(SqlStorageValue::Integer(number)) => Ok(number as f64),
            other => mismatch("a number", other),
        }
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.0.next() {
            Some(SqlStorageValue::Blob(bytes)) => Ok(bytes),
            other => mismatch("bytes", other),
        }
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<String>> {
        self.unless_null(Self::text)
    }

    pub(super) fn optional_number(&mut self) -> Result<Option<i64>> {
        self.unless_null(Self::number)
    }

    pub(super) fn optional_fraction(&mut self) -> Result<Option<f64>> {
        self.unless_null(Self::fraction)
    }

    fn unless_null<T>(&mut self, read: fn(&mut Self) -> Result<T>) -> Result<Option<T>> {
        match self.0.as_slice().first() {
            Some(SqlStorageValue::Null) => {
                self.0.next();
                Ok(None)
            }
            _ => read(self).map(Some),
        }
    }
}

/// The error names the types, never the value.
fn mismatch<T>(expected: &str, found: Option<SqlStorageValue>) -> Result<T> {
    let found = match found {
        None => "no column",
        Some(SqlStorageValue::Null) => "null",
        Some(SqlStorageValue::Boolean(_)) => "a boolean",
        Some(SqlStorageValue::Integer(_)) => "a whole number",
        Some(SqlStorageValue::Float(_)) => "a fraction",
        Some(SqlStorageValue::String(_)) => "text",
        Some(SqlStorageValue::Blob(_)) => "bytes",
    };
    Err(Error::RustError(format!("a row has {found} where {expected} was expected")))
}
