// A line every few seconds, so that whoever waits sees that it goes on.

import { setTimeout as sleep } from "node:timers/promises";
import { isTaken } from "./history.mjs";

const EVERY_MS = 5_000;

export async function progress({ books, signal, say }) {
  const from = Date.now();
  while (!signal.aborted) {
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
    const accepted = new Set(
      books.clients.filter(({ status }) => status === 200 || status === 202).map(nameIn),
    );
    const arrived = new Set(books.journal.filter(isTaken).map(nameIn));
    const kills = books.control.filter(({ what }) => what === "kill").length;
    const at = ((Date.now() - from) / 1_000).toFixed(0).padStart(4);
    say(`${at} s  ${kills} kills  ${accepted.size} events accepted  ${arrived.size} acknowledged by the API`);
  }
}

const nameIn = ({ conversation, n }) => `${conversation}#${n}`;
