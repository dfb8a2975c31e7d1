// Makes sure that everything needed to work on the project is there, then runs a command with it:
//
//   node scripts/setup.mjs [--browser] [command [argument...]]
//
// `--browser`: the command looks for one, too. Installs only what is missing, and says nothing when
// nothing is. Runs before `npm ci` and with an older Node than the project's own: no dependencies, and
// nothing newer than Node 18.

import { prepareBindgen } from "./setup/bindgen.mjs";
import { prepareBrowser } from "./setup/browser.mjs";
import { combined, inEnvironment } from "./setup/environment.mjs";
import { installPackages, npmBin } from "./setup/npm.mjs";
import { sweep } from "./setup/places.mjs";
import { become, stopTools, untilSignal } from "./setup/processes.mjs";
import { explain } from "./setup/progress.mjs";
import { prepareRust } from "./setup/rust.mjs";

const wantsBrowser = process.argv[2] === "--browser";
const command = process.argv.slice(wantsBrowser ? 3 : 2);

async function prepare() {
  const rust = await prepareRust();
  // At the same time, as far as one does not need another. The first failure is the one to tell,
  // but only once the others have been stopped and have cleaned up.
  const steps = [installPackages(), rust.wasm, prepareBindgen(rust.host), sweep()];
  try {
    const [, wasm, bindgen] = await Promise.all(steps);
    return combined({ path: [npmBin] }, bindgen, wasm);
  } catch (error) {
    stopTools();
    await Promise.allSettled(steps);
    throw error;
  }
}

/** After the rest: of two installations at once, one would only wait for the other. */
async function prepareAll() {
  const additions = await prepare();
  if (wantsBrowser) await prepareBrowser();
  return additions;
}

try {
  const additions = await untilSignal(prepareAll);
  if (command.length > 0) await become(command, inEnvironment(additions));
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
