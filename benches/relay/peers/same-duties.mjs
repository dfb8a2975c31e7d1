// What the relay asks of the platform for each event, in plain JavaScript, and unchecked: a time-out, an id,
// headers in and out, and work that outlives its caller. What is beyond this is our core's.

const READ = [
  "authorization",
  "botid",
  "content-length",
  "content-type",
  "idempotency-key",
  "origin",
  "prefer",
  "traceparent",
];

const ALWAYS = new Headers({
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
});

export default {
  fetch(request, env, context) {
    const answered = answer(request, env);
    context.waitUntil(answered);
    return answered;
  },
};

async function answer(request, { API_BASE_URL, API_KEY, BOT_ID, RELAY_KEYS }) {
  const id = crypto.randomUUID();
  const given = READ.map((name) => request.headers.get(name));
  if (request.method !== "POST" || given[0] !== `Bearer ${RELAY_KEYS}`)
    return new Response(null, { status: 401 });
  const body = await request.arrayBuffer();
  const { status, headers } = await fetch(`${API_BASE_URL}${new URL(request.url).pathname}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: API_KEY, botid: BOT_ID },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  if (headers.has("retry-after")) return new Response(null, { status: 503 });
  const response = new Response(null, { status, headers: ALWAYS });
  response.headers.set("x-request-id", id);
  return response;
}
