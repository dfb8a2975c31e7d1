import * as core from "core";

export default { fetch: (request, env, context) => core.fetch(request, env, context) };
