//! The emulator's own routes.

use serde::Deserialize;
use serde_json::json;
use worker::Result;

use super::agent::Agent;
use super::config::Config;
use super::http::{Answer, Inbound};
use super::route::{Action, NoRoute, ROUTES};
use super::store::{Filter, Kind, Store};
use super::webhook::Webhook;
use super::{fault, script};

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
                "pendingReplies": self.store.pending_replies()?,
            }),
        )
    }

    fn journal(&self, request: &Inbound) -> Result<Answer> {
        match filter(request) {
            Ok(filter) => Answer::json(200, &self.store.entries(filter)?),
            Err(message) => Answer::error(400, "bad-filter", &message, &[(); 0]),
        }
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
                "expected {\"url\": \"http://…\" or null, \"secret\": \"…\", \"header\": \"X-API-Key\"}; the last two may be left out",
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
        match fault::read(body) {
            Ok(order) => Answer::json(201, &self.store.add_fault(&order)?),
            Err(problem) => Answer::error(
                400,
                "bad-fault",
                "expected {\"fault\": {\"kind\": …}, \"times\": 1, \"conversation\": \"…\"}; the last two may be left out",
                &[problem],
            ),
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

fn filter(request: &Inbound) -> Result<Filter, String> {
    let mut filter = Filter::default();
    for (name, value) in request.url.query_pairs() {
        let number = || value.parse().map_err(|_| format!("{name} is a whole number"));
        match &*name {
            "conversation" => filter.conversation = Some(value.into_owned()),
            "kind" => filter.kind = Some(kind(&value)?),
            "after" => filter.after = Some(number()?),
            "limit" => filter.limit = Some(number()?),
            _ => return Err("known filters are conversation, kind, after and limit".to_owned()),
        }
    }
    Ok(filter)
}

fn kind(name: &str) -> Result<Kind, String> {
    [Kind::Event, Kind::Webhook]
        .into_iter()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| "kind is event or webhook".to_owned())
}
