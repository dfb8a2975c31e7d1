//! Rows in memory: what a conversation's object keeps in SQLite.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;

use ticketwire::outbox::{Delivery, Load, Offer, Rows, State};

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) delivery: Delivery,
    pub(crate) key: Option<(String, String)>,
    pub(crate) body: Option<String>,
}

/// All rows, by number. They outlive the process.
#[derive(Debug, Default)]
pub(crate) struct Memory(pub(crate) RefCell<BTreeMap<u64, Row>>);

impl Memory {
    pub(crate) fn states(&self) -> Vec<Delivery> {
        self.0.borrow().values().map(|row| row.delivery.clone()).collect()
    }
}

impl Rows for &Memory {
    type Error = Infallible;

    fn head(&self) -> Result<Option<Delivery>, Infallible> {
        let rows = self.0.borrow();
        let open = |wanted| {
            rows.values().map(|row| &row.delivery).find(|delivery| delivery.state.name() == wanted).cloned()
        };
        Ok(open("sending").or_else(|| open("pending")))
    }

    fn get(&self, seq: u64) -> Result<Option<Delivery>, Infallible> {
        Ok(self.0.borrow().get(&seq).map(|row| row.delivery.clone()))
    }

    fn with_key(&self, key: &str) -> Result<Option<(Delivery, String)>, Infallible> {
        let rows = self.0.borrow();
        let mut with_key = rows.values().filter_map(|row| Some((row, row.key.as_ref()?)));
        let found = with_key.find(|(_, (its, _))| its == key);
        Ok(found.map(|(row, (_, body))| (row.delivery.clone(), body.clone())))
    }

    fn load(&self) -> Result<Load, Infallible> {
        let rows = self.0.borrow();
        let bodies: Vec<_> = rows.values().filter_map(|row| row.body.as_ref()).collect();
        let bytes = bodies.iter().map(|body| body.len() as u64).sum();
        Ok(Load { events: bodies.len() as u64, bytes })
    }

    fn insert(&self, offer: &Offer<'_>, delivery: &Delivery) -> Result<u64, Infallible> {
        let mut rows = self.0.borrow_mut();
        let key = offer.key.map(|keyed| (keyed.key.to_owned(), keyed.body.to_owned()));
        for row in rows.values_mut().filter(|row| row.key.is_some()) {
            row.key = row.key.take().filter(|(its, _)| Some(its) != key.as_ref().map(|(new, _)| new));
        }
        let seq = rows.len() as u64 + 1;
        let body = Some(offer.body.to_owned());
        rows.insert(seq, Row { delivery: Delivery { seq, ..delivery.clone() }, key, body });
        Ok(seq)
    }

    fn update(&self, delivery: &Delivery) -> Result<(), Infallible> {
        let mut rows = self.0.borrow_mut();
        let row = rows.get_mut(&delivery.seq).expect("only what is there is updated");
        row.delivery = delivery.clone();
        if matches!(delivery.state, State::Delivered { .. }) {
            row.body = None;
        }
        Ok(())
    }
}
