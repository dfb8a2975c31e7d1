// A place where the package is used, as its rows see it: where it is, and what can be done there.

import { join } from "node:path";
import { run, serve } from "./program.mjs";
import { startSite } from "./site.mjs";
import { judge } from "./verdict.mjs";
import { visit } from "./window.mjs";

/** Does `work` in a place, and stops what that has started. */
export async function within(folder, tarball, ground, work) {
  const started = [];
  try {
    await work(place(folder, tarball, ground, started));
  } finally {
    await Promise.all(started.map((each) => each.stop()));
  }
}

function place(folder, tarball, ground, started) {
  const open = async (start) => {
    const port = ground.lend();
    started.push({ stop: () => ground.giveBack(port) });
    started.unshift(await start(port));
    return `http://127.0.0.1:${port}`;
  };
  const told = async (url) => `${url}?${new URLSearchParams(await ground.settings())}`;
  const environment = async () => ({ SETTINGS: JSON.stringify(await ground.settings()) });
  return {
    folder,
    tarball: tarball.file,
    settings: ground.settings,
    /** Runs a program of the place, and gives what it wrote. */
    run: (...command) => run(command, { cwd: folder }),
    /** Runs a program that does the exercise. */
    exercise: async (...command) => judge(await run(command, { cwd: folder, env: await environment() })),
    /** Runs a program that does the exercise, and judges it by how it ends. */
    succeed: async (...command) => run(command, { cwd: folder, env: await environment() }),
    /** Serves a folder of the place, and gives the origin. */
    site: (path = "", headers = {}) => open((port) => startSite(join(folder, path), { port, headers })),
    /** Starts a server of the place: `command` gets the port. Gives the origin. */
    serve: (command) =>
      open((port) => serve(command(String(port)), `http://127.0.0.1:${port}/`, { cwd: folder })),
    /** Asks a server that does the exercise. */
    ask: async (url) => judge(await (await fetch(await told(url))).text()),
    /** Opens a page that does the exercise. */
    visit: async (url) => judge(await visit(await told(url))),
  };
}
