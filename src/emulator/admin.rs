//! The emulator's own routes.

use serde::Deserialize;
use serde_json::json;
use worker::{Result, console_log};

use super::agent::Agent;
use super::config::Config;
use super::dice::MAX_SEED;
use super::filter::{self, Format};
use super::http::{Answer, Inbound};
use super::route::{Action, NoRoute, ROUTES};
use super::store::Store;
use super::webhook::Webhook;
use super::{order_reader, script, seed};

/// What the routes work on.
pub(super) struct Desk<'a> {
    pub(super) store: &'a Store,
    pub(super) config: &'a Config,
    pub(super) agent: &'a Agent,
}

impl Desk<'_> {
    /// Does what one of the emulator's own routes asks for.
    pub(super) fn serve(&self, action: Action, parameter: &str, request: &Inbound) -> Result<Answer> {
        let body = request.body.as_slice();
        match action {
            Action::Ticket | Action::About => about(),
            Action::Ready => self.ready(),
            Action::Journal => self.journal(request),
            Action::NewKey => Answer::json(201, &json!({ "key": self.store.new_key()? })),
            Action::Bots => Answer::json(200, &json!({ "bots": self.store.bots()? })),
            Action::SetBot => self.set_bot(parameter, body),
            Action::RemoveBot => self.remove_bot(parameter),
            Action::Webhook => self.webhook(),
            Action::SetWebhook => self.set_webhook(body),
            Action::Script => self.script(),
            Action::SetScript => self.set_script(body),
            Action::Faults => Answer::json(200, &json!({ "faults": self.store.faults()? })),
            Action::AddFault => self.add_fault(body),
            Action::ClearFaults => self.store.clear_faults().map(|()| Answer::empty(204)),
            Action::SetSeed => self.set_seed(body),
            Action::Reset => self.reset(),
        }
    }

    fn ready(&self) -> Result<Answer> {
        let problems = self.config.problems();
        let ready = problems.is_empty();
        Answer::json(
            if ready { 200 } else { 503 },
            &json!({
                "ready": ready,
                "problems": problems,
                "bots": self.store.bots()?,
                "webhook": self.store.webhook()?.url,
                "seed": self.store.seed()?,
                "pendingReplies": self.store.pending_replies()?,
            }),
        )
    }

    fn journal(&self, request: &Inbound) -> Result<Answer> {
        let filter = match filter::read(request.url.query_pairs()) {
            Ok(filter) => filter,
            Err(message) => return Answer::error(400, "bad-filter", &message, &[(); 0]),
        };
        let page = self.store.entries(&filter)?;
        let answer = match filter.format {
            Format::Json => Answer::json(200, &page)?,
            Format::Ndjson => Answer::of_type("application/x-ndjson", 200, page.lines()?),
        };
        Ok(answer.with_header("x-emulator-more", page.more.to_string()))
    }

    fn set_bot(&self, id: &str, body: &[u8]) -> Result<Answer> {
        if !is_bot_id(id) {
            let message = "a bot id is made of ASCII letters, digits, -, . and _";
            return Answer::error(400, "bad-bot-id", message, &[(); 0]);
        }
        match serde_json::from_slice::<BotBody>(body) {
            Ok(bot) => {
                self.store.set_bot(id, bot.custom_crm)?;
                Answer::json(200, &json!({ "id": id, "customCrm": bot.custom_crm }))
            }
            Err(error) => Answer::error(
                400,
                "bad-bot",
                "expected {\"customCrm\": true} or {\"customCrm\": false}",
                &[error.to_string()],
            ),
        }
    }

    fn remove_bot(&self, id: &str) -> Result<Answer> {
        if self.store.remove_bot(id)? {
            Ok(Answer::empty(204))
        } else {
            Answer::error(404, "no-such-bot", "no bot has this id", &[(); 0])
        }
    }

    fn webhook(&self) -> Result<Answer> {
        let webhook = self.store.webhook()?;
        Answer::json(
            200,
            &json!({
                "url": webhook.url,
                "header": webhook.header,
                "proof": webhook.proof,
                "hasSecret": webhook.secret.is_some(),
            }),
        )
    }

    fn set_webhook(&self, body: &[u8]) -> Result<Answer> {
        match Webhook::read(body) {
            Ok(webhook) => {
                self.store.set_webhook(&webhook)?;
                self.webhook()
            }
            Err(problems) => Answer::error(
                400,
                "bad-webhook",
                "expected {\"url\": \"http://…\" or null, \"secret\": \"…\", \"header\": \"X-API-Key\", \"proof\": \"secret\" | \"zendesk\" | \"standard-webhooks\"}; only url is needed",
                &problems,
            ),
        }
    }

    fn script(&self) -> Result<Answer> {
        let script = self.store.script()?;
        Ok(Answer::text(200, script.unwrap_or_else(|| script::DEFAULT.to_owned())))
    }

    fn set_script(&self, body: &[u8]) -> Result<Answer> {
        match self.agent.learn(self.store, body)? {
            Ok(rules) => Answer::json(200, &json!({ "rules": rules })),
            Err(problems) => Answer::error(
                400,
                "bad-script",
                "expected {\"rules\": [{\"pattern\": \"…\", \"replies\": [{\"text\": \"…\", \"delayMs\": 0, \"intents\": [{\"value\": \"…\", \"name\": \"…\", \"confidence\": 0.9}], \"attachments\": [{\"path\": \"…\"}]}]}], \"fallback\": {\"replies\": []}}",
                &problems,
            ),
        }
    }

    fn add_fault(&self, body: &[u8]) -> Result<Answer> {
        match order_reader::read(body) {
            Ok(order) => {
                if order.chance.is_some() {
                    // What it takes to repeat this run.
                    console_log!("emulator: a fault is left to chance, by seed {}", self.store.seed()?);
                }
                Answer::json(201, &self.store.add_fault(&order)?)
            }
            Err(problem) => Answer::error(
                400,
                "bad-fault",
                "expected {\"fault\": {\"kind\": …}, \"times\": 1, \"chance\": 1, \"conversation\": \"…\"}; only fault is needed",
                &[problem],
            ),
        }
    }

    fn set_seed(&self, body: &[u8]) -> Result<Answer> {
        match seed::read(body) {
            Some(seed) => {
                self.store.set_seed(seed)?;
                Answer::json(200, &json!({ "seed": seed }))
            }
            None => {
                let message = format!("expected {{\"seed\": 1}}: a whole number from 0 to {MAX_SEED}");
                Answer::error(400, "bad-seed", &message, &[(); 0])
            }
        }
    }

    fn reset(&self) -> Result<Answer> {
        self.store.reset(self.config)?;
        self.agent.forget();
        Ok(Answer::empty(204))
    }
}

/// The answer where no route leads.
pub(super) fn lost(no_route: NoRoute) -> Result<Answer> {
    match no_route {
        NoRoute::NoSuchEndpoint => Ok(Answer::refused(super::cause::Cause::NoSuchEndpoint)),
        NoRoute::NoSuchAdminPath => {
            Answer::error(404, "no-such-route", "the emulator has no such route; GET / lists them", &[(); 0])
        }
        NoRoute::WrongAdminMethod(allowed) => {
            let message = format!("this route takes {allowed}");
            let answer = Answer::error(405, "wrong-method", &message, &[(); 0])?;
            Ok(answer.with_header("allow", allowed))
        }
    }
}

fn about() -> Result<Answer> {
    Answer::json(
        200,
        &json!({
            "name": "ticketwire emulator",
            "what": "the Ticket API on your own machine, with a scripted agent; its keys begin with emu_",
            "routes": ROUTES,
        }),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BotBody {
    custom_crm: bool,
}

fn is_bot_id(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}
