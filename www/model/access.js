// Who may look: a key of the relay, or a session's token. It stays in this tab, and goes to this relay alone.

const KEY = "ticketwire.key";

/** What this tab holds, if anything. */
export const heldKey = () => sessionStorage.getItem(KEY) ?? undefined;

export function holdKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
}
