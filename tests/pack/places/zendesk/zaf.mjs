// A ZAF client as far as `request()` goes (developer.zendesk.com, “Making API requests from a Zendesk app”):
// Zendesk's servers send it, and give the answer whole. Options cross from frame to frame, so they are data.

export const zafClient = {
  async request(options) {
    const { httpCompleteResponse, ...rest } = structuredClone(options);
    const complete = await send(rest);
    if (complete.status >= 400) throw complete;
    return httpCompleteResponse ? complete : (complete.responseJSON ?? complete.responseText);
  },
};

/** Without the answer's headers: no app can count on them. */
async function send({
  url,
  type = "GET",
  headers = {},
  data,
  contentType = "application/x-www-form-urlencoded",
}) {
  const typed = data === undefined ? headers : { "content-type": contentType, ...headers };
  const order = JSON.stringify({ url, method: type, headers: typed, body: data });
  const { status, statusText, body } = await (await fetch("/proxy", { method: "POST", body: order })).json();
  return { status, statusText, responseText: body, responseJSON: parsed(body) };
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
