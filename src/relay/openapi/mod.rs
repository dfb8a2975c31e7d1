//! `/openapi.json`: what the relay takes and answers, for machines ([OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1.html)).
//!
//! The document is a file, made by the tests from what the relay itself is made of: its routes, its
//! table of access, its problems, its limits, and the schemas of event and reply. A test fails while
//! file and code differ.

#[cfg(test)]
mod components;
#[cfg(test)]
mod document;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod operations;

/// The document.
pub(super) const DOCUMENT: &str = include_str!("openapi.json");
