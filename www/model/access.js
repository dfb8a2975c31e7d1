// Who may look: a key of the relay, or a session's token. It stays in this tab, and goes to this relay alone.

const KEY = "ticketwire.key";

/** What only another key mends. */
const REFUSALS = ["no-key", "wrong-key", "invalid-token", "token-expired"];

/** What this tab holds, if anything. */
export const heldKey = () => sessionStorage.getItem(KEY) ?? undefined;

export function holdKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
}

/** Whether the relay does not take the key, whatever is asked with it. */
export const isRefused = ({ code }) => REFUSALS.includes(code);
