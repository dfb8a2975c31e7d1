// Pages without a bundler.

const STRICT = { "content-security-policy": "script-src 'self'" };

const page = (name, loads, file, headers) => ({
  name,
  loads,
  browser: true,
  run: async ({ site, visit }) => visit(`${await site("", headers)}/${file}`),
});

export const rows = [
  page("page", "<script type=module>", "module.html"),
  page("page", "<script>, IIFE", "script.html"),
  page("page, script-src 'self'", "<script type=module>", "strict.html", STRICT),
  page("page, script-src 'self'", "ticketwire/js", "strict-js.html", STRICT),
  page("page, script-src 'self'", "<script>, IIFE", "script.html", STRICT),
  page("sandboxed frame, no origin", "<script>, IIFE", "frame.html"),
];
