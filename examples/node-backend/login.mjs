// Who may open which case.

/** A CRM's cases, as they are named here. */
const CASE = /^case-\d{1,12}$/;

/**
 * Whether whoever asks may open this case. A CRM asks its own login, and looks the case up. This one lets in
 * everybody who can reach it: so it listens on this machine alone.
 */
export function mayOpen(_request, conversation) {
  return typeof conversation === "string" && CASE.test(conversation);
}
