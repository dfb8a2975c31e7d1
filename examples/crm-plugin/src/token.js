// The session token, which the page's own backend gives.

/** A token that ends sooner than this is not worth a call. */
const LEFT_MS = 30_000;

/** Where to get a token for a conversation. It is asked before each call, so it keeps what it has. */
export function tokenFor(conversation) {
  let session = { expiresMs: 0 };
  return async () => {
    if (session.expiresMs - Date.now() < LEFT_MS) session = await ask(conversation);
    return session.token;
  };
}

async function ask(conversation) {
  const response = await fetch("/session", { method: "POST", body: JSON.stringify({ conversation }) });
  if (!response.ok) throw new Error(`the backend gives no token: it answers ${response.status}`);
  return response.json();
}
