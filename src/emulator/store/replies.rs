//! The replies that are still to be sent.

use worker::Result;

use super::Store;
use crate::emulator::script::Line;
use crate::emulator::tries::Next;
use crate::emulator::webhook;

/// How many replies are taken up at once.
const BATCH: i64 = 64;

/// A reply whose time has come, and that is ours to send.
pub(in crate::emulator) struct Due {
    id: i64,
    pub(in crate::emulator) conversation: String,
    pub(in crate::emulator) body: String,
    /// The number of this try, from 1.
    pub(in crate::emulator) number: u32,
}

impl Store {
    /// Puts down what the agent says to a conversation, each reply for its time.
    pub(in crate::emulator) fn add_replies(
        &self,
        bot: &str,
        conversation: &str,
        lines: &[Line],
        now_ms: i64,
    ) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let own_id = self.own_id(bot, conversation)?;
        for line in lines {
            self.run(
                "INSERT INTO reply (conversation, body, due_ms) VALUES (?, ?, ?)",
                vec![
                    conversation.into(),
                    webhook::body(bot, &own_id, conversation, line).into(),
                    (now_ms + i64::from(line.delay_ms)).into(),
                ],
            )?;
        }
        Ok(())
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
        self.run("UPDATE reply SET sending = 0 WHERE sending = 1 AND due_ms <= ?", vec![now_ms.into()])?;
        let rows = self.run(
            "UPDATE reply SET sending = 1, tries = tries + 1, due_ms = ? WHERE id IN (
               SELECT MIN(id) FROM reply
               WHERE due_ms <= ? AND conversation NOT IN (SELECT conversation FROM reply WHERE sending = 1)
               GROUP BY conversation LIMIT ?
             ) RETURNING id, conversation, body, tries",
            vec![until_ms.into(), now_ms.into(), BATCH.into()],
        )?;
        rows.into_iter()
            .map(|mut row| {
                Ok(Due {
                    id: row.number()?,
                    conversation: row.text()?,
                    body: row.text()?,
                    number: u32::try_from(row.number()?).unwrap_or(u32::MAX),
                })
            })
            .collect()
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
            "SELECT MIN(due_ms) FROM reply
             WHERE sending = 1 OR conversation NOT IN (SELECT conversation FROM reply WHERE sending = 1)",
            vec![],
        )?;
        row.map_or(Ok(None), |mut row| row.optional_number())
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
