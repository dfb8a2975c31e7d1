// Everything that is refused, with canaries in each place where a caller can write.

const JSON_TYPE = { "content-type": "application/json" };
const MAX_BODY = 1024 * 1024;

/** Bodies that are no event, by what is wrong with them. `c` is a customer who is refused. */
export function badEvents(c) {
  const id = { platformConversationId: c.id };
  const event = (members) => JSON.stringify({ ...id, text: c.text, ...members });
  const variable = { key: c.name, value: c.value };
  const variables = (...metaData) => event({ platform: c.platform, metaData });
  const nested = (depth) => (depth === 0 ? c.value : { [c.member]: nested(depth - 1) });
  return {
    nothing: "",
    "no JSON": c.text,
    "half an event": event({ metaData: [variable] }).slice(0, -2),
    "another name in quotes": `{'${c.member}': '${c.text}'}`,
    "a lone surrogate": event({}).replace(c.text, `${c.text}\\ud83d${c.text}`),
    "not UTF-8": Buffer.concat([
      Buffer.from(`{"platformConversationId":"${c.id}`),
      Buffer.from([0xff, 0x22, 0x7d]),
    ]),
    "a list": JSON.stringify([c.text, id]),
    "no conversation": JSON.stringify({ text: c.text, metaData: [variable] }),
    "wrong types": JSON.stringify({
      platformConversationId: [c.id],
      text: { [c.name]: c.text },
      platform: [c.platform],
      metaData: c.value,
    }),
    "wrong types of a variable": variables(
      { key: [c.name], value: { [c.name]: c.value }, sanitize: c.sanitized },
      c.value,
    ),
    "a map of variables": event({ metaData: { [c.name]: c.value } }),
    "a text of variables": event({ metaData: JSON.stringify({ [c.name]: c.value }) }),
    "unknown members": event({
      [c.member]: c.value,
      metaData: [{ ...variable, [c.member]: c.sanitized, sanitize: true }],
    }),
    "members twice": `{"platformConversationId":"${c.id}","text":"${c.text}","text":"${c.text}","${c.member}":"${c.value}","${c.member}":1}`,
    empty: variables({ key: "", value: c.value }),
    "too long": JSON.stringify({
      platformConversationId: c.id.repeat(20),
      platform: c.platform.repeat(5),
      text: c.text,
      metaData: [{ key: c.name.repeat(20), value: c.value.repeat(1_000), sanitize: true }],
    }),
    "a text that is too long": event({ text: c.text.repeat(20_000) }),
    "too many variables": variables(...Array(150).fill(variable)),
    "U+0000": JSON.stringify({
      platformConversationId: `${c.id}\0`,
      text: `\0${c.text}`,
      platform: `${c.platform}\0`,
      metaData: [{ key: `${c.name}\0`, value: `${c.value}\0` }],
    }),
    "control characters": JSON.stringify({
      platformConversationId: `${c.id}\n`,
      platform: `${c.platform}\x7f`,
      metaData: [{ key: `${c.name}\x85`, value: c.value }],
    }),
    "too deep": event({ [c.member]: nested(60) }),
    "a conversation that no URL can hold": JSON.stringify({ platformConversationId: "..", text: c.text }),
    "more than a body may hold": `${event({ metaData: [variable] })}${" ".repeat(MAX_BODY)}`,
  };
}

/** Bodies that are no reply. */
export function badReplies(c) {
  const rest = {
    text: c.reply,
    predictedIntents: [{ name: c.intent }],
    attachments: [{ path: c.attachment }],
    [c.own]: c.own,
  };
  const reply = (platformConversationId) => JSON.stringify({ platformConversationId, ...rest });
  return {
    nothing: "",
    "no JSON": c.reply,
    "half a reply": reply(c.id).slice(0, -2),
    "no conversation": reply(),
    "a conversation of another type": reply([c.id]),
    "an endless conversation": reply(c.id.repeat(20)),
    "more than a body may hold": `${reply(c.id)}${" ".repeat(MAX_BODY)}`,
  };
}

/** Bodies that ask for no session. */
export const badWishes = (c) =>
  [
    { conversation: [[c.id]], scope: c.text, bot: `${c.name} `, origin: c.value, ttlSeconds: c.sanitized },
    { conversation: c.id, [c.member]: c.value },
    { conversation: `${c.id}\n`, scope: [c.text], origin: `http://${c.value}.example/${c.value}` },
    { conversation: Array(100).fill(c.id.repeat(6)) },
    [c.id],
    c.text,
  ].map((wish) => JSON.stringify(wish));

/** Bodies that are no call, or call for something that is refused. */
export function badCalls(c, strange, key) {
  const letIn = { authorization: `Bearer ${key}` };
  const event = { platformConversationId: c.id, text: c.text };
  const path = "/converse/ticket";
  const calls = [
    { [c.member]: c.text, method: strange.path, path: strange.path, headers: { [c.member]: strange.key } },
    { path: `/${strange.path}?${strange.query}`, headers: { ...letIn, botid: `${strange.bot}\n` } },
    { path: `/${strange.path}?${strange.query}`, headers: letIn, body: event },
    { path, headers: { ...letIn, botid: `${strange.bot} ${strange.bot}` }, body: event },
    { path, headers: { authorization: strange.key, "idempotency-key": strange.idempotency }, body: event },
    { path: `/webhooks/ticket/${strange.secret}`, headers: letIn, body: event },
    { path: `/conversations/${c.id}?after=${strange.query}`, headers: letIn },
    { path: `/conversations/${c.id}/stream?token=${strange.query}`, headers: letIn },
    [c.text],
    c.text,
  ].map((call) => JSON.stringify(call));
  const start = JSON.stringify({ path, headers: letIn }).replace(/}$/, ',"body":');
  const around = (body) => Buffer.concat([start, body, "}"].map((part) => Buffer.from(part)));
  // White space behind a body belongs to no body here.
  const { "more than a body may hold": _, ...bad } = badEvents(c);
  return [...calls, ...Object.values(bad).map(around)];
}

/** What a browser asks before it sends for a page. */
export const preflight = (strange, headers = {}) => ({
  method: "OPTIONS",
  headers: {
    "access-control-request-method": "POST",
    "access-control-request-headers": `authorization, ${strange.path}`,
    ...headers,
  },
});

/** Requests around which nothing is right: paths, queries, methods, headers, proofs. */
export function badRequests(c, strange, key) {
  const letIn = { authorization: `Bearer ${key}` };
  const body = JSON.stringify({ platformConversationId: c.id, text: c.text });
  const post = (path, headers) => [
    path,
    { method: "POST", body, headers: { ...letIn, ...JSON_TYPE, ...headers } },
  ];
  const get = (path, headers = {}) => [path, { headers: { ...letIn, ...headers } }];
  const conversation = `/conversations/${c.id}`;
  const stranger = (authorization) => [
    post("/converse/ticket", { authorization }),
    get(conversation, { authorization }),
    get(`${conversation}/stream?token=${strange.key}`, { authorization }),
  ];
  return [
    ...[
      "",
      `Bearer ${strange.key}`,
      strange.key,
      `Basic ${btoa(`user:${strange.key}`)}`,
      `Bearer  ${strange.key} `,
    ].flatMap(stranger),
    post("/converse/ticket", { "content-type": `text/${strange.type}` }),
    post("/converse/ticket", { botid: `${strange.bot} ${strange.bot}` }),
    post("/converse/ticket", { botid: strange.bot.repeat(20) }),
    [
      "/converse/ticket",
      { method: "POST", headers: { ...letIn, ...JSON_TYPE, "content-length": 5_000 }, body, cutOff: true },
    ],
    ["/converse/ticket", { method: "PUT", headers: letIn, body }],
    ["/converse/ticket", preflight(strange)],
    [`/${strange.path}`, preflight(strange)],
    [conversation, { method: "PATCH", headers: letIn, body }],
    post(`/${strange.path}?${strange.query}=${strange.query}`),
    get(`/${strange.path}/%ff%00/${strange.path}`),
    get(`/converse/ticket/${strange.path}?${strange.query}`),
    get(conversation),
    get(`${conversation}?after=${strange.query}`),
    get(`${conversation}?${strange.query}=1`),
    get(`/conversations/${c.id.repeat(60)}`),
    get(`/conversations/${c.id}%00`),
    get(`/conversations/%ff${c.id}`),
    get(conversation, { botid: `${strange.bot} ${strange.bot}` }),
    get(`${conversation}/stream?after=${strange.query}`),
    get(`${conversation}/stream`, { "last-event-id": strange.query }),
    get(`${conversation}/stream?token=${strange.query}&${strange.query}`),
    get(`/events/${strange.path}`),
    get(`/events/${"0".repeat(64)}-1?${strange.query}`),
    post(`/events/${strange.path}/replay?${strange.query}`),
    get(`/parked?after=${strange.query}`),
    get(`/waiting?limit=${strange.query}`),
    get(`/stats?minutes=${strange.query}`),
    ["/parked", { method: "DELETE", headers: letIn }],
    post(`/webhooks/ticket/${strange.secret}`),
    post("/webhooks/ticket", { "x-api-key": strange.secret }),
    post("/webhooks/ticket", {
      "x-zendesk-webhook-signature": btoa(strange.secret),
      "x-zendesk-webhook-signature-timestamp": new Date().toISOString(),
    }),
    post("/webhooks/ticket", {
      "webhook-id": strange.secret,
      "webhook-timestamp": "1",
      "webhook-signature": `v1,${btoa(strange.secret)}`,
    }),
    post(`/webhooks/ticket/${strange.secret}/${strange.path}?${strange.query}`),
    ...["/health", "/ready", "/version", "/openapi.json"].flatMap((path) => [
      [`${path}?${strange.query}`, {}],
      [path, { method: "HEAD", headers: letIn }],
      [path, { method: "POST", headers: letIn, body }],
    ]),
  ];
}
