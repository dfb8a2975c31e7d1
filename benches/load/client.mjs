// Who sends: so many connections, each with one request at a time, the next one once that is answered.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { serve } from "../child.mjs";
import { FOLDER } from "./place.mjs";

const { Pool } = createRequire(resolve(FOLDER, "package.json"))("undici");

serve({ send });

/**
 * Sends `count` requests, or as many as it can in `seconds`. In the body `CONVERSATION` stands for an id: there
 * are `conversations` of them, in turn, beginning with the one numbered `from`. Any status but those
 * `expected` is a failure.
 */
async function send({ url, headers, body, conversations, from = 0, connections, expected, ...until }) {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections });
  const [before, after] = body.split("CONVERSATION");
  const { count = Infinity, seconds = Infinity } = until;
  const latencies = [];
  const start = performance.now();
  let begun = 0;
  const one = async () => {
    const id = `conversation-${(from + begun) % conversations}`;
    begun += 1;
    const sent = performance.now();
    const answer = await pool.request({
      path: pathname,
      method: "POST",
      headers,
      body: `${before}${id}${after}`,
    });
    await answer.body.dump();
    if (!expected.includes(answer.statusCode)) throw new Error(`${origin} answered ${answer.statusCode}`);
    latencies.push(performance.now() - sent);
  };
  const connection = async () => {
    while (begun < count && performance.now() - start < seconds * 1_000) await one();
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const took = (performance.now() - start) / 1_000;
  await pool.close();
  return { count: latencies.length, seconds: took, latencies: Float64Array.from(latencies) };
}
