// A Chrome or Chromium, for the tests in a browser: the machine's own; on Debian, if need be, Debian's.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { canInstall, installCommand, install } from "./apt.mjs";
import { onPath, pins } from "./places.mjs";
import { say, step } from "./progress.mjs";

const { chromium } = pins.debian;
const advice = installCommand([chromium]);

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const applications = ["/Applications", join(homedir(), "Applications")];
const programs = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"];

/** Where each system's own installers put one. */
const usual = {
  linux: () => ["/opt/google/chrome/chrome", "/snap/bin/chromium"],
  darwin: () =>
    ["Google Chrome", "Chromium"].flatMap((name) =>
      applications.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    ),
  win32: () =>
    ["Google/Chrome", "Chromium"].flatMap((name) =>
      programs
        .map((variable) => process.env[variable])
        .filter(Boolean)
        .map((folder) => join(folder, name, "Application", "chrome.exe")),
    ),
};

/** The program of a browser, or nothing; `CHROME_PATH` goes before all others. */
export function findBrowser() {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) return existsSync(CHROME_PATH) ? CHROME_PATH : undefined;
  const places = [...names.map(onPath), ...(usual[process.platform]?.() ?? [])];
  return places.find((path) => path && existsSync(path));
}

/** Where there is none and none can be had, that is the tests' to say. */
export async function prepareBrowser() {
  if (findBrowser() || !(await canInstall())) return;
  try {
    await step("installing Chromium", { seconds: 30, next: advice }, () => install([chromium]));
  } catch (error) {
    say(`${error.message}: the tests in a browser will be skipped; to have them: ${advice}`);
  }
}
