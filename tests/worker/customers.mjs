// Everybody who writes to a relay, and every secret that one holds: all that is theirs is canaries.

import { createHmac, randomBytes } from "node:crypto";
import { Canaries, canary } from "./canaries.mjs";
import { BOT_ID } from "./harness.mjs";

export const canaries = new Canaries();
export const make = (kind) => canaries.make(kind);
const two = (kind, prefix = "") => [prefix + make(kind), prefix + make(kind)];
const whsec = (kind) => `whsec_${canaries.add(kind, Buffer.from(make(kind)).toString("base64"))}`;

export const SECRETS = {
  relay: two("relay key"),
  webhook: two("webhook secret"),
  zendesk: two("Zendesk's webhook secret"),
  standard: [whsec("standard webhook secret"), whsec("standard webhook secret")],
  session: two("session secret"),
  onward: [whsec("onward secret"), whsec("onward secret")],
};

/** Headers that are none of a relay's business. */
export const CALLER = {
  "x-request-id": make("caller's request id"),
  tracestate: `vendor=${make("caller's tracestate")}`,
  traceparent: `00-${canaries.add("caller's trace id", randomBytes(16).toString("hex"))}-${canaries.add("caller's span id", randomBytes(8).toString("hex"))}-01`,
  cookie: `session=${make("caller's headers")}`,
  referer: `http://127.0.0.1/${make("caller's headers")}`,
  "user-agent": make("caller's headers"),
  "x-forwarded-for": make("caller's headers"),
  origin: `https://${make("caller's origin")}.example`,
  prefer: `wait=${make("caller's headers")}`,
};

export const STRANGE = {
  key: make("stranger's key"),
  secret: make("stranger's secret"),
  bot: make("stranger's bot"),
  idempotency: make("stranger's idempotency key"),
  path: make("stranger's path"),
  query: make("stranger's query"),
  type: make("stranger's content type"),
};

/** Somebody, and all that is theirs. */
export const customer = (fate = "") => ({
  id: make(`${fate}conversation`),
  text: make(`${fate}text`),
  name: make(`${fate}variable's name`),
  value: make(`${fate}value`),
  sanitized: make(`${fate}sanitized value`),
  platform: make(`${fate}platform`),
  reply: make(`${fate}reply's text`),
  intent: make(`${fate}reply's intent`),
  attachment: make(`${fate}reply's attachment`),
  own: make(`${fate}reply's own member`),
  bot: BOT_ID,
});

export const eventOf = ({ id, text, name, value, sanitized, platform }) =>
  JSON.stringify({
    platformConversationId: id,
    text,
    platform,
    metaData: [
      { key: name, value },
      { key: "email", value: sanitized, sanitize: true },
    ],
  });

export const replyOf = ({ id, reply, intent, attachment, own, bot }) =>
  JSON.stringify({
    botId: bot,
    platformConversationId: id,
    text: reply,
    predictedIntents: [{ value: intent, name: intent, confidence: 0.5 }],
    attachments: [{ path: `/${attachment}.pdf` }],
    [own]: own,
  });

/** The web page that sessions are for. */
export const ORIGIN = `https://${canaries.add("listed origin", canary().toLowerCase())}.example`;

const encoded = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A token as a backend makes it, with the first or the second secret; its signature is a canary. */
export function sign(claims, at, { kind = "session's token", secret = SECRETS.session[at], ...rest } = {}) {
  const iat = Math.floor(Date.now() / 1000);
  const payload = { aud: "ticketwire", iat, exp: iat + 600, scope: "send read", ...claims, ...rest };
  const message = `${encoded({ alg: "HS256", kid: KIDS[at] })}.${encoded(payload)}`;
  const signature = createHmac("sha256", secret).update(message).digest("base64url");
  return `${message}.${canaries.add(kind, signature)}`;
}

export const KIDS = ["new", "old"];

/** Tokens that are expired, of nobody's secret, for somebody else, tampered with. */
export function badTokens(claims) {
  const kind = "bad token";
  const [header, payload, signature] = sign(claims, 0, { kind }).split(".");
  return [
    sign(claims, 0, { kind, iat: 1, exp: 2 }),
    sign(claims, 0, { kind, secret: make(kind) }),
    sign(claims, 1, { kind, aud: make(kind) }),
    sign(claims, 1, { kind, scope: make(kind) }),
    `${header}.${payload}.${signature.slice(1)}`,
    `${header}.${encoded({ ...claims, sub: make(kind) })}.${signature}`,
    `${encoded({ alg: "none", kid: make(kind) })}.${payload}.`,
    `${header}.${payload}.${signature}.${make(kind)}`,
  ];
}
