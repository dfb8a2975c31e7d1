//! What is parked, across conversations, as callers see it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A part of the list as it is stored.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Slice {
    pub(super) rows: Vec<Row>,
    /// All that is parked.
    pub(super) total: u64,
    /// What is behind this part.
    pub(super) more: u64,
}

/// A parked event as it is stored; its report is JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    number: u64,
    report: String,
}

impl Row {
    /// Its number in the list.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }
}

/// One page of the list, as callers see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<'a> {
    events: Vec<&'a RawValue>,
    total: u64,
    /// How many are behind this page.
    more: u64,
    /// What to give as `after` for the next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_after: Option<u64>,
}

impl<'a> Page<'a> {
    /// The page that this part makes.
    pub(super) fn of(slice: &'a Slice) -> serde_json::Result<Self> {
        Ok(Self {
            events: slice
                .rows
                .iter()
                .map(|row| serde_json::from_str(&row.report))
                .collect::<Result<_, _>>()?,
            total: slice.total,
            more: slice.more,
            next_after: slice.rows.last().filter(|_| slice.more > 0).map(Row::number),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_how_much_is_behind_it() {
        let page = |more| {
            let rows = vec![Row { number: 7, report: r#"{"id":"x"}"#.into() }];
            serde_json::to_string(&Page::of(&Slice { rows, total: 9, more }).unwrap()).unwrap()
        };
        assert_eq!(page(0), r#"{"events":[{"id":"x"}],"total":9,"more":0}"#);
        assert_eq!(page(2), r#"{"events":[{"id":"x"}],"total":9,"more":2,"nextAfter":7}"#);
    }
}
