// The folder that a relay keeps its objects in, for tests that stop it or look at its bytes.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, startRelay } from "./harness.mjs";

/** An emulator, and a folder on which relays can be started one after the other. */
export async function onDisk(t, { relay: relayVariables = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "ticketwire-"));
  const running = new Set();
  const start = async (startOne) => {
    const one = await startOne();
    running.add(one);
    return { ...one, stop: () => running.delete(one) && one.stop() };
  };
  t.after(async () => {
    await Promise.all([...running].map((one) => one.stop()));
    rmSync(folder, { recursive: true });
  });
  const emulator = await start(() => startEmulator());
  const startOn = (variables = {}, options = {}) =>
    start(() =>
      startRelay({
        ...options,
        persist: folder,
        variables: {
          API_BASE_URL: emulator.url,
          API_KEY: emulator.key,
          WEBHOOK_SECRETS: "webhook_secret_of_a_test",
          ...relayVariables,
          ...variables,
        },
      }),
    );
  return { folder, emulator, startOn };
}

/** The files under a folder in whose bytes this text occurs. */
export const filesWith = (folder, text) => filesIn(folder).filter((file) => bytesOf(file).includes(text));

/** The files under a folder. */
export const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** None where the database has just put the file away. */
export function bytesOf(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
