//! Why a route has no answer of its own.

use worker::Error;

use super::log::Line;
use super::problem::Problem;
use super::response::Response;
use super::span::Span;

/// What a route answers: a response, or what came in its place.
pub(super) type Answer = Result<Response, Failure>;

/// What comes in place of a response.
pub(super) enum Failure {
    /// The caller is told.
    Problem(Problem),
    /// The runtime failed; the log is told where.
    Runtime(&'static str),
}

impl Failure {
    /// The code of the problem that the caller gets.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Problem(problem) => problem.code(),
            Self::Runtime(_) => "internal",
        }
    }

    /// Whether the caller showed nothing of ours.
    pub(super) const fn is_refusal(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.status() == 401)
    }

    /// What the caller gets.
    pub(super) fn respond(self, span: &Span) -> Response {
        match self {
            Self::Problem(problem) => Response::problem(&problem),
            Self::Runtime(cause) => {
                span.log(Line { status: Some(500), cause: Some(cause), ..Line::new("internal") });
                Response::problem(&Problem::internal())
            }
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Only the kind of an error is kept: its text may hold what was being read or stored.
impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Runtime(match error.into() {
            Error::BindingError(_) => "binding",
            Error::SerdeJsonError(_) | Error::SerdeWasmBindgenError(_) => "serialization",
            Error::RustError(_) => "object",
            Error::JsError(_) | Error::Internal(_) => "javascript",
            _ => "other",
        })
    }
}
