// A Freshworks client as far as request templates go (developers.freshworks.com, “Request method”): method,
// host, path and headers stand in config/requests.json, only the body is the caller's.

const MOST_BYTES = 100_000;

/** `iparams`: what an administrator has entered when the app was installed. */
export const fdkClient = (templates, iparams) => ({
  request: {
    async invokeTemplate(name, options = {}) {
      const { body } = structuredClone(options);
      if (body !== undefined && typeof body !== "string") throw rejection(400, "the body must be a string");
      if (body?.length > MOST_BYTES) throw rejection(400, "the payload is too large");
      const answer = await send(templates[name].schema, iparams, body);
      if (answer.status >= 400) throw { ...answer, attempts: 1 };
      return answer;
    },
  },
});

async function send({ method, protocol = "https", host, path, headers }, iparams, body) {
  const filled = host.replace(/<%= iparam\.(\w+) %>/g, (_, name) => iparams[name]);
  const order = JSON.stringify({ url: `${protocol}://${filled}${path}`, method, headers, body });
  const answer = await (await fetch("/proxy", { method: "POST", body: order })).json();
  return { status: answer.status, headers: answer.headers, response: answer.body };
}

const rejection = (status, response) => ({ status, headers: {}, response, attempts: 1 });
