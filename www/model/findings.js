// What the check has found, and where it is shown: at the field that it is about, or at the one around it.

/** All of a draft's findings, issues first. */
export const findingsOf = ({ issues, warnings }) => [
  ...issues.map((issue) => ({ ...issue, isIssue: true })),
  ...warnings.map((warning) => ({ ...warning, isIssue: false })),
];

/** Which field a finding is shown at: the nearest there is. The whole has the empty pointer. */
export function fieldOf(pointer, fields) {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) if (fields.has(at)) return at;
  return "";
}

/** What mends a finding in one step, if anything does: what to call it, and the draft that it makes. */
export function remedyOf(draft, { code, path }, newConversation) {
  const value = draft.at(...path);
  switch (code) {
    case "personal-data":
      return { name: "Mark as personal", mended: () => draft.with([...path.slice(0, -1), "sanitize"], true) };
    case "unknown-member":
      return { name: "Take it out", mended: () => draft.with(path, undefined) };
    case "map-instead-of-list":
      return { name: "Make it a list", mended: () => draft.with(path, listOf(value)) };
    case "wrong-type":
      return isPlain(value) && isText(path)
        ? { name: "Write it as text", mended: () => draft.with(path, String(value)) }
        : undefined;
    case "missing-member":
    case "empty":
      return path.at(-1) === "platformConversationId"
        ? { name: "Make one up", mended: () => draft.with(path, newConversation()) }
        : undefined;
    default:
      return undefined;
  }
}

const isPlain = (value) => ["number", "boolean"].includes(typeof value);
const isText = (path) =>
  path.length > 0 && !["sanitize", "metaData"].includes(path.at(-1)) && typeof path.at(-1) === "string";

const listOf = (map) =>
  Object.entries(map).map(([key, value]) => ({ key, value: isPlain(value) ? String(value) : value }));
