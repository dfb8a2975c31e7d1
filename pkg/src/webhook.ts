import { TicketwireError } from "./error.js";

/**
 * The proof of a webhook, for those who receive the agent's replies themselves, from the agent or from a
 * relay that sends them on. Needs no core.
 *
 * @module ticketwire/webhook
 */

/** How far the time of a signature may be from ours, in milliseconds: five minutes to either side. */
const TOLERANCE_MS = 5 * 60_000;

/** What proves a webhook: one of these, each may be several. */
export type WebhookSecrets =
  | {
      /** The bare secret, in a header: `x-api-key` unless said otherwise. */
      secrets: readonly string[];
      /** The header that holds it. */
      header?: string | undefined;
      /** Another proof. */
      zendeskSecrets?: undefined;
      /** Another proof. */
      standardSecrets?: undefined;
    }
  | {
      /** The signature of Zendesk's own webhooks (unverified for replies of tickets). */
      zendeskSecrets: readonly string[];
      /** Another proof. */
      secrets?: undefined;
      /** Another proof. */
      standardSecrets?: undefined;
    }
  | {
      /** The signature of Standard Webhooks, which a relay puts on what it sends on: `whsec_…`. */
      standardSecrets: readonly string[];
      /** Another proof. */
      secrets?: undefined;
      /** Another proof. */
      zendeskSecrets?: undefined;
    };

/** Headers as a platform has them. */
export type WebhookHeaders =
  | {
      /** What a header says; `null` where there is none of this name. */
      get(name: string): string | null;
    }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whether a webhook is proven, and if not, why. */
export type Verdict =
  | {
      /** It is proven. */
      ok: true;
      /** Nothing is wrong. */
      code?: undefined;
    }
  | {
      /** It is not proven: answer 401, and do nothing else. */
      ok: false;
      /**
       * Why. `stale` and `future`: rightly signed, more than five minutes from now; so tries of the same
       * webhook that come late, or a wrong clock.
       */
      code: "no-proof" | "malformed" | "wrong-signature" | "stale" | "future";
    };

type Code = Exclude<Verdict["code"], undefined>;

/**
 * The proof of a webhook, for those who receive the agent's replies themselves. Give it the bytes as they
 * came: JSON that was read and written again has another signature.
 *
 * ```ts
 * const verdict = await webhook.verify(body, request.headers, { standardSecrets: [secret] });
 * if (!verdict.ok) return new Response(null, { status: 401 });
 * ```
 */
export const webhook = {
  /** Checks a body against the proof in its headers. `nowMs` is in milliseconds since 1970. */
  async verify(
    body: string | Uint8Array,
    headers: WebhookHeaders,
    secrets: WebhookSecrets,
    nowMs: number = Date.now(),
  ): Promise<Verdict> {
    const code = await check(body, (name) => header(headers, name), secrets, nowMs);
    return code ? { ok: false, code } : { ok: true };
  },
};

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

/** Whoever gives less than is needed to tell a proof must not be told that it holds. */
function insist(isSo: boolean, what: string): void {
  if (!isSo) throw new TicketwireError("invalid-options", what);
}

const isText = (value: unknown): value is string => typeof value === "string";

const KINDS = ["secrets", "zendeskSecrets", "standardSecrets"] as const;

type Look = (name: string) => string | undefined;

async function check(body: string | Uint8Array, look: Look, secrets: WebhookSecrets, nowMs: number) {
  const given = KINDS.filter((kind) => (secrets as WebhookSecrets | undefined)?.[kind] !== undefined);
  insist(given.length === 1, `give one of ${KINDS.join(", ")}, and no other: each is another proof`);
  const list: unknown = secrets[given[0] as (typeof KINDS)[number]];
  insist(Array.isArray(list) && list.every(isText), "the secrets are a list of texts");
  insist(
    isText(body) || body instanceof Uint8Array,
    "the body is the text or the Uint8Array that came, not what was read from it",
  );
  insist(Number.isFinite(nowMs), "the time is in milliseconds since 1970");
  if (secrets.secrets) return checkSecret(look(secrets.header ?? "x-api-key"), secrets.secrets);
  const bytes = bytesOf(body);
  if (secrets.zendeskSecrets) return checkZendesk(bytes, look, secrets.zendeskSecrets, nowMs);
  return checkStandard(bytes, look, secrets.standardSecrets, nowMs);
}

async function checkSecret(shown: string | undefined, secrets: readonly string[]): Promise<Code | undefined> {
  secrets.forEach((secret) => keyOf(bytesOf(secret)));
  if (shown === undefined) return "no-proof";
  // Signed with the same key, what is equal stays equal and tells nothing of where it differs.
  const key = crypto.getRandomValues(new Uint8Array(32));
  const [expected] = await sign([key], bytesOf(shown));
  const known = await Promise.all(secrets.map((secret) => sign([key], bytesOf(secret))));
  return known.some(([one]) => one === expected) ? undefined : "wrong-signature";
}

async function checkZendesk(body: Uint8Array, look: Look, secrets: readonly string[], nowMs: number) {
  const [signature, timestamp] = ZENDESK.map(look);
  if (signature === undefined || timestamp === undefined) return "no-proof";
  const sentMs = timeOf(timestamp);
  if (sentMs === undefined || !SIGNATURE.test(signature)) return "malformed";
  const keys = secrets.map((secret) => keyOf(bytesOf(secret)));
  return (await isSigned(keys, join(bytesOf(timestamp), body), [signature])) ?? age(sentMs, nowMs);
}

async function checkStandard(body: Uint8Array, look: Look, secrets: readonly string[], nowMs: number) {
  const [id, timestamp, signature] = STANDARD.map(look);
  if (id === undefined || timestamp === undefined || signature === undefined) return "no-proof";
  const ours = signature.split(" ").filter((one) => one.startsWith("v1,"));
  const signatures = ours.map((one) => one.slice(3)).filter((one) => SIGNATURE.test(one));
  if (!/^\d{1,16}$/.test(timestamp) || signatures.length === 0) return "malformed";
  const keys = secrets.map((secret) => keyOf(fromBase64(secret.replace(/^whsec_/, ""))));
  const signed = join(bytesOf(`${id}.${timestamp}.`), body);
  return (await isSigned(keys, signed, signatures)) ?? age(Number(timestamp) * 1000, nowMs);
}

const ZENDESK = ["x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"];
const STANDARD = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/** 32 bytes in base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** A `date-time` of RFC 3339: date, clock, fraction, offset. */
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Milliseconds since 1970; nothing for what is not in the calendar, or before. A leap second is the next one. */
function timeOf(text: string): number | undefined {
  const found = DATE_TIME.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as Six;
  const [fraction = "", sign, ahead = "0", minutesAhead = "0"] = found.slice(7);
  const date = new Date(Date.UTC(year, month - 1, day));
  const isInCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1970;
  const isOnClock =
    hour < 24 && minute < 60 && second <= 60 && Number(ahead) < 24 && Number(minutesAhead) < 60;
  if (!isInCalendar || !isOnClock) return undefined;
  const offset = (Number(ahead) * 60 + Number(minutesAhead)) * (sign === "-" ? -1 : 1);
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const sentMs = date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
  return sentMs < 0 ? undefined : sentMs;
}

type Six = [number, number, number, number, number, number];

async function isSigned(keys: Uint8Array[], signed: Uint8Array, shown: string[]): Promise<Code | undefined> {
  const expected = await sign(keys, signed);
  // Every pair is looked at, each in a time that does not tell how much of it is right.
  const found = expected.flatMap((one) => shown.map((other) => isEqual(one, other)));
  return found.includes(true) ? undefined : "wrong-signature";
}

/** The signatures of these bytes with each key, in base64. */
function sign(keys: Uint8Array[], bytes: Uint8Array): Promise<string[]> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return Promise.all(
    keys.map(async (raw) => {
      const key = await crypto.subtle.importKey("raw", raw as BufferSource, algorithm, false, ["sign"]);
      const signature = new Uint8Array(await crypto.subtle.sign(algorithm, key, bytes as BufferSource));
      return btoa(String.fromCharCode(...signature));
    }),
  );
}

function isEqual(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

function age(sentMs: number, nowMs: number): Code | undefined {
  if (nowMs - sentMs > TOLERANCE_MS) return "stale";
  return sentMs - nowMs > TOLERANCE_MS ? "future" : undefined;
}

/** A key that can sign. */
function keyOf(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes?.length) return bytes;
  const message = "a secret is empty, or not base64: a standard one is whsec_ and base64 with its padding";
  throw new TicketwireError("invalid-options", message);
}

function fromBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function header(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === "function") return (headers as Headers).get(name) ?? undefined;
  const found = Object.entries(headers).find(([known]) => known.toLowerCase() === name.toLowerCase());
  const value = found?.[1] as string | readonly string[] | undefined;
  return typeof value === "string" ? value : value?.[0];
}
