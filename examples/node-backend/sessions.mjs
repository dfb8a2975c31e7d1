// Session tokens, from the relay.

/** Long enough for a visit; the page asks again where it is longer. */
const TTL_SECONDS = 600;

/** A token with which a page may send to this conversation, and follow it, and nothing else. */
export async function mint({ url, key }, conversation) {
  const response = await fetch(`${url}/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ conversation, scope: "send read", ttlSeconds: TTL_SECONDS }),
  });
  if (response.status !== 201) throw new Error(`the relay gave no token, but status ${response.status}`);
  const { token, expiresMs } = await response.json();
  return { token, expiresMs };
}
