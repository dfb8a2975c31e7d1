//! What has not been delivered, across conversations, as callers see it.

use serde::{Deserialize, Serialize};

use super::report::Report;

/// One of the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// What was given up.
    Parked,
    /// What has failed, and is still on its way.
    Waiting,
}

impl Shelf {
    /// The list that a delivery stands in, if it does: what has not failed yet is no news.
    pub(super) const fn of(report: &Report) -> Option<Self> {
        if report.is_parked() {
            Some(Self::Parked)
        } else if report.is_held_up() {
            Some(Self::Waiting)
        } else {
            None
        }
    }

    /// Its name, as a path.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Parked => "/parked",
            Self::Waiting => "/waiting",
        }
    }
}

/// A part of a list.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Slice {
    pub(super) rows: Vec<Row>,
    /// All that is in the list.
    pub(super) total: u64,
    /// What is behind this part.
    pub(super) more: u64,
}

/// A delivery in a list.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) report: Report,
}

/// How many are in each list.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Totals {
    pub(super) parked: u64,
    pub(super) waiting: u64,
}

/// One page of a list, as callers see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    events: Vec<Report>,
    total: u64,
    /// How many are behind this page.
    more: u64,
    /// What to give as `after` for the next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_after: Option<u64>,
}

impl From<Slice> for Page {
    fn from(slice: Slice) -> Self {
        let Slice { rows, total, more } = slice;
        let next_after = rows.last().filter(|_| more > 0).map(|row| row.number);
        Self { events: rows.into_iter().map(|row| row.report).collect(), total, more, next_after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Outcome;
    use crate::outbox::{Delivery, Ended, Lane};

    fn reports() -> [(Report, Option<Shelf>); 5] {
        let new = Delivery::new(1, 10);
        let failed = new.clone().begin(20).settle(Ended::of(Outcome::Failed(503)), 30, 0);
        let again = failed.clone().begin(40);
        let parked = new.clone().begin(20).settle(Ended::of(Outcome::Refused(400)), 30, 0);
        let done = again.clone().settle(Ended::of(Outcome::Acknowledged), 50, 0);
        let report = |delivery| Report::of(Lane::Event, delivery, "bot", "case-1");
        [
            (report(&new), None),
            (report(&failed), Some(Shelf::Waiting)),
            (report(&again), Some(Shelf::Waiting)),
            (report(&parked), Some(Shelf::Parked)),
            (report(&done), None),
        ]
    }

    #[test]
    fn what_has_failed_is_listed_until_it_is_delivered() {
        for (report, shelf) in reports() {
            assert_eq!(Shelf::of(&report), shelf, "{report:?}");
        }
    }

    #[test]
    fn a_page_says_how_much_is_behind_it() {
        let page = |more| {
            let [.., (report, _)] = reports();
            let slice = Slice { rows: vec![Row { number: 7, report }], total: 9, more };
            serde_json::to_value(Page::from(slice)).unwrap()
        };
        assert_eq!((page(0).get("nextAfter"), &page(0)["total"]), (None, &9.into()));
        assert_eq!((&page(2)["nextAfter"], &page(2)["more"]), (&7.into(), &2.into()));
        assert_eq!(page(0)["events"][0]["platformConversationId"], "case-1");
    }
}
