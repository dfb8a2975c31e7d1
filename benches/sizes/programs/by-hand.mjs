// What a CRM writes itself beside a library that has only the other half.

const AGAIN = [408, 425, 429];
const MAX_TRIES = 3;

/** Posts an event, and tries again what may pass by itself. */
export async function post(url, token, event) {
  for (let tries = 1; ; tries += 1) {
    const answer = await attempt(url, token, event).catch((error) => error);
    const mayPass = answer instanceof Error || answer.status >= 500 || AGAIN.includes(answer.status);
    if (mayPass && tries < MAX_TRIES) await pause(answer, tries);
    else if (answer instanceof Error) throw answer;
    else if (!answer.ok) throw new Error(`status ${answer.status}`);
    else return;
  }
}

function attempt(url, token, event) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const signal = AbortSignal.timeout(10_000);
  return fetch(`${url}/converse/ticket`, { method: "POST", headers, body: JSON.stringify(event), signal });
}

function pause(answer, tries) {
  const asked = Number(answer.headers?.get("retry-after")) * 1000;
  const ms = asked || 500 * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const isText = (value) => typeof value === "string";
const isVariable = ({ key, value, sanitize = false, ...rest }) =>
  isText(key) && isText(value) && typeof sanitize === "boolean" && Object.keys(rest).length === 0;

/** The event, if it is one: says neither where it is not, nor why. */
export function checked(event) {
  const { platformConversationId, text = "", platform = "PUBLIC_API", metaData = [], ...rest } = event;
  const isEvent =
    isText(platformConversationId) &&
    platformConversationId !== "" &&
    isText(text) &&
    isText(platform) &&
    Array.isArray(metaData) &&
    metaData.every(isVariable) &&
    Object.keys(rest).length === 0;
  if (!isEvent) throw new TypeError("this is no ticket event");
  return { ...event, platform };
}
