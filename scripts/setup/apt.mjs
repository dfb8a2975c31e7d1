// Debian's packages, installed where that needs no password.

import { onPath } from "./places.mjs";
import { run } from "./processes.mjs";

const command = ["apt-get", "install", "--yes", "--no-install-recommends"];

/** The same by hand. */
export const installCommand = (packages) =>
  `sudo apt-get update && sudo ${command.join(" ")} ${packages.join(" ")}`;

export const hasApt = () => onPath("apt-get") !== undefined;

export const canInstall = async () => hasApt() && (await asRoot()) !== undefined;

/** Those of these packages that the machine has not. */
export async function missing(packages) {
  const format = "${Package} ${db:Status-Status}\n";
  const known = await run("dpkg-query", ["--show", `--showformat=${format}`]);
  const installed = new Set(known.split("\n").filter((line) => line.endsWith(" installed")));
  return packages.filter((name) => !installed.has(`${name} installed`));
}

export async function install(packages) {
  const prefix = await asRoot();
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const runAsRoot = (command, options) => {
    const [program, ...args] = [...prefix, ...command];
    return run(program, args, { env, ...options });
  };
  // Of two set-ups at once, the second waits for the first one's apt.
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  // Where the lists are current enough, it does not matter that they cannot be updated.
  await runAsRoot(["apt-get", "update", ...wait]).catch(() => {});
  // Nothing that the machine has may go.
  await runAsRoot([...command, ...wait, "--no-remove", ...packages], { mustFinish: true });
}

/** What goes before a command to run it as root, unasked for a password; nothing if there is no way. */
async function asRoot() {
  if (process.getuid() === 0) return [];
  if (!onPath("sudo")) return undefined;
  return run("sudo", ["-n", "true"]).then(
    () => ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"],
    () => undefined,
  );
}
