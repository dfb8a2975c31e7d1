// A Worker that does nothing: what starts slower than it does so by itself.
export default { fetch: () => new Response() };
