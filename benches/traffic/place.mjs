/** Where what `client.mjs` needs is installed. */
export const FOLDER = "build/benches/traffic";
