// Who sends: in a closed loop, so many connections, each with one request at a time, the next one once that is
// answered; or in an open one, so many requests a second, whatever becomes of those before.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "../child.mjs";
import { FOLDER } from "./place.mjs";

const { Pool } = createRequire(resolve(FOLDER, "package.json"))("undici");

/** More than any load has open at once. */
const MAX_CONNECTIONS = 512;

serve({ send, sendOpenly });

/**
 * Sends `count` requests, or as many as it can in `seconds`. In the body `CONVERSATION` stands for an id: there
 * are `conversations` of them, in turn, beginning with the one numbered `from`. Answers other than `expected`
 * are counted, and have no latency.
 */
async function send({ url, headers, body, conversations, from = 0, connections, expected, ...until }) {
  const { one, end } = sender({ url, headers, body, conversations, from, connections, expected });
  const { count = Infinity, seconds = Infinity } = until;
  const start = performance.now();
  let begun = 0;
  const connection = async () => {
    while (begun < count && performance.now() - start < seconds * 1_000) {
      begun += 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return end();
}

/**
 * Sends `rate` requests a second for so many `seconds`, at random moments, as callers do who don't know each other.
 * Each waits from its moment on, late as it may be sent: which is a millisecond where nobody is to blame.
 */
async function sendOpenly({ rate, seconds, ...load }) {
  const { one, end } = sender({ ...load, connections: MAX_CONNECTIONS });
  const answers = [];
  const start = performance.now();
  for (let due = start; due < start + seconds * 1_000; due += gap(rate)) {
    while (performance.now() < due) await sleep(1);
    answers.push(one(due));
  }
  await Promise.all(answers);
  return end();
}

/** Between two arrivals of a Poisson process, in milliseconds. */
const gap = (rate) => (-Math.log(1 - Math.random()) * 1_000) / rate;

/** `one` sends the next request, and waits for its answer; `end` tells what has come of all. */
function sender({ url, headers, body, conversations, from = 0, connections, expected }) {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections });
  const [before, after] = body.split("CONVERSATION");
  const latencies = [];
  const start = performance.now();
  let begun = 0;
  let failed = 0;
  const one = async (since = performance.now()) => {
    const id = `conversation-${(from + begun) % conversations}`;
    begun += 1;
    const answer = await pool.request({ path, method: "POST", headers, body: `${before}${id}${after}` });
    await answer.body.dump();
    if (expected.includes(answer.statusCode)) latencies.push(performance.now() - since);
    else failed += 1;
  };
  const end = async () => {
    const seconds = (performance.now() - start) / 1_000;
    await pool.close();
    return { count: latencies.length, failed, seconds, latencies: Float64Array.from(latencies) };
  };
  return { one, end };
}
