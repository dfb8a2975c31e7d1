//! The replies that are still to be sent.

use worker::Result;

use super::Store;
use super::rows::Row;
use crate::emulator::fault::Faults;
use crate::emulator::plan::Plan;
use crate::emulator::proof::Flaw;
use crate::emulator::script::Line;
use crate::emulator::tries::Next;
use crate::emulator::webhook;

/// How many replies are taken up at once.
const BATCH: i64 = 64;

/// How many are looked at for it, the longest due first: a backlog may hold many thousands.
const LOOKED_AT: i64 = 512;

/// The columns of [`Due`].
const DUE: &str = "id, conversation, body, tries, message_id, fault";

/// What the agent says to one event.
pub(in crate::emulator) struct Outgoing<'a> {
    pub(in crate::emulator) bot: &'a str,
    pub(in crate::emulator) conversation: &'a str,
    pub(in crate::emulator) lines: &'a [Line],
    /// How often each is sent.
    pub(in crate::emulator) copies: usize,
    pub(in crate::emulator) faults: Option<Faults>,
}

/// A reply whose time has come, and that is ours to send.
pub(in crate::emulator) struct Due {
    id: i64,
    pub(in crate::emulator) conversation: String,
    pub(in crate::emulator) body: String,
    /// The number of this try, from 1.
    pub(in crate::emulator) number: u32,
    pub(in crate::emulator) message_id: String,
    /// As JSON.
    pub(in crate::emulator) fault: Option<String>,
    pub(in crate::emulator) flaw: Flaw,
}

impl Store {
    /// Puts down what the agent says, each reply for its time; gives the numbers of the replies.
    pub(in crate::emulator) fn add_replies(&self, outgoing: &Outgoing<'_>, now_ms: i64) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        if outgoing.lines.is_empty() {
            return Ok(ids);
        }
        let own_id = self.own_id(outgoing.bot, outgoing.conversation)?;
        let fault = outgoing.faults.as_ref().map(serde_json::to_string).transpose()?;
        for line in outgoing.lines {
            let values = vec![
                outgoing.conversation.into(),
                webhook::body(outgoing.bot, &own_id, outgoing.conversation, line).into(),
                (now_ms + i64::from(line.delay_ms)).into(),
                format!("msg_{}", self.random_id()?).into(),
                fault.as_deref().into(),
            ];
            for _ in 0..outgoing.copies {
                let row = self.find(
                    "INSERT INTO reply (conversation, body, due_ms, message_id, fault)
                     VALUES (?, ?, ?, ?, ?) RETURNING id",
                    values.clone(),
                )?;
                ids.extend(row.map(|mut row| row.number()).transpose()?);
            }
        }
        Ok(ids)
    }

    /// Takes up these replies, whatever their time.
    pub(in crate::emulator) fn claim_now(&self, ids: &[i64], until_ms: i64) -> Result<Vec<Due>> {
        let statement = format!(
            "UPDATE reply SET sending = 1, tries = tries + 1, due_ms = ? WHERE id = ? RETURNING {DUE}"
        );
        let claimed = ids.iter().filter_map(|id| {
            let row = self.find(&statement, vec![until_ms.into(), (*id).into()]);
            row.and_then(|row| row.map(due).transpose()).transpose()
        });
        claimed.collect()
    }

    /// The agent's own id of a conversation: made once, then always the same.
    fn own_id(&self, bot: &str, conversation: &str) -> Result<String> {
        let row = self.find(
            "INSERT INTO conversation (bot, platform_id, own_id) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET own_id = own_id RETURNING own_id",
            vec![bot.into(), conversation.into(), self.random_id()?.into()],
        )?;
        row.map_or(Ok(String::new()), |mut row| row.text())
    }

    /// Takes up what is due, at most one reply per conversation: so they arrive in their order.
    /// Where nothing more is heard of one, it is due again at `until_ms`.
    pub(in crate::emulator) fn claim_replies(&self, now_ms: i64, until_ms: i64) -> Result<Vec<Due>> {
        self.run(
            "UPDATE reply INDEXED BY reply_sending SET sending = 0 WHERE sending = 1 AND due_ms <= ?",
            vec![now_ms.into()],
        )?;
        let statement = format!(
            "UPDATE reply SET sending = 1, tries = tries + 1, due_ms = ? WHERE id IN (
               SELECT MIN(id) FROM (
                 SELECT id, conversation FROM reply
                 WHERE due_ms <= ? AND conversation NOT IN (SELECT conversation FROM reply WHERE sending = 1)
                 ORDER BY due_ms, id LIMIT ?
               ) GROUP BY conversation LIMIT ?
             ) RETURNING {DUE}"
        );
        let rows =
            self.run(&statement, vec![until_ms.into(), now_ms.into(), LOOKED_AT.into(), BATCH.into()])?;
        rows.into_iter().map(due).collect()
    }

    /// Writes down how a try ended. The number of the try tells whether the reply is still ours.
    pub(in crate::emulator) fn settle_reply(&self, reply: &Due, next: Next) -> Result<()> {
        let which = [reply.id.into(), i64::from(reply.number).into()];
        match next {
            Next::Forget => self.run("DELETE FROM reply WHERE id = ? AND tries = ?", which.into()),
            Next::TryAgainAt(due_ms) => self.run(
                "UPDATE reply SET sending = 0, due_ms = ? WHERE id = ? AND tries = ?",
                [[due_ms.into()].as_slice(), &which].concat(),
            ),
        }
        .map(drop)
    }

    /// When there is something to do next.
    pub(in crate::emulator) fn next_due_ms(&self) -> Result<Option<i64>> {
        let row = self.find(
            "SELECT due_ms FROM reply
             WHERE sending = 1 OR conversation NOT IN (SELECT conversation FROM reply WHERE sending = 1)
             ORDER BY due_ms LIMIT 1",
            vec![],
        )?;
        row.map(|mut row| row.number()).transpose()
    }

    pub(in crate::emulator) fn pending_replies(&self) -> Result<i64> {
        let row = self.find("SELECT COUNT(*) FROM reply", vec![])?;
        row.map_or(Ok(0), |mut row| row.number())
    }

    /// Whoever was sending before this start is gone.
    pub(super) fn release_replies(&self) -> Result<()> {
        self.run("UPDATE reply SET sending = 0, due_ms = 0 WHERE sending = 1", vec![]).map(drop)
    }
}

fn due(mut row: Row) -> Result<Due> {
    let mut due = Due {
        id: row.number()?,
        conversation: row.text()?,
        body: row.text()?,
        number: u32::try_from(row.number()?).unwrap_or(u32::MAX),
        message_id: row.text()?,
        fault: row.optional_text()?,
        flaw: Flaw::default(),
    };
    if let Some(fault) = &due.fault {
        due.flaw = Plan::of(Some(&serde_json::from_str(fault)?)).replies.flaw;
    }
    Ok(due)
}
