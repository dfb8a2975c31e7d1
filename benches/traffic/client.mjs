// Who sends: so many connections, each with one request at a time, the next one once that is answered.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { serve } from "../child.mjs";
import { FOLDER } from "./place.mjs";

const { Pool } = createRequire(resolve(FOLDER, "package.json"))("undici");

serve({ send });

/**
 * Sends `count` requests, or as many as it can in `seconds`. In the body `CONVERSATION` stands for an id: there
 * are `conversations` of them, in turn, beginning with the one numbered `from`. Answers other than `expected`
 * are counted, and have no latency.
 */
async function send({ url, headers, body, conversations, from = 0, connections, expected, ...until }) {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections });
  const [before, after] = body.split("CONVERSATION");
  const { count = Infinity, seconds = Infinity } = until;
  const latencies = [];
  const start = performance.now();
  let begun = 0;
  let failed = 0;
  const one = async () => {
    const id = `conversation-${(from + begun) % conversations}`;
    begun += 1;
    const sent = performance.now();
    const answer = await pool.request({ path, method: "POST", headers, body: `${before}${id}${after}` });
    await answer.body.dump();
    if (expected.includes(answer.statusCode)) latencies.push(performance.now() - sent);
    else failed += 1;
  };
  const connection = async () => {
    while (begun < count && performance.now() - start < seconds * 1_000) await one();
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const took = (performance.now() - start) / 1_000;
  await pool.close();
  return { count: latencies.length, failed, seconds: took, latencies: Float64Array.from(latencies) };
}
