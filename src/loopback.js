// This very machine, as it is named in a URL or a web origin.

const NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** Whether this URL or origin is one of this machine. */
export const isLoopback = (url) => NAMES.includes(URL.parse(url)?.hostname);
