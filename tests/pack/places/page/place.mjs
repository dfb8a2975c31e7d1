// Pages without a bundler.

const policy = (...sources) => ({ "content-security-policy": `script-src ${sources.join(" ")}` });
const STRICT = policy("'self'");
const STRICT_BUT_WASM = policy("'self'", "'wasm-unsafe-eval'");

const page = (name, loads, file, headers) => ({
  name,
  loads,
  browser: true,
  run: async ({ site, visit }) => visit(`${await site("", headers)}/${file}`),
});

export const rows = [
  page("page", "<script type=module>", "module.html"),
  page("page", "ticketwire/classic", "script.html"),
  page(
    "page, script-src 'self' 'wasm-unsafe-eval'",
    "<script type=module>",
    "strict-wasm.html",
    STRICT_BUT_WASM,
  ),
  page("page, script-src 'self'", "refused, and says what to do", "strict.html", STRICT),
  page("page, script-src 'self'", "ticketwire/js", "strict-js.html", STRICT),
  page("page, script-src 'self'", "ticketwire/classic", "script.html", STRICT),
  page("sandboxed frame, no origin", "ticketwire/classic", "frame.html"),
];
