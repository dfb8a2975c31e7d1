// Readers of streams, in a process of their own: their memory and their CPU time are not workerd's.
//
// Told to open streams, it says when all are open; asked what it has seen, it says when each reply was
// there, by the clock that all processes of a machine share.

import { Agent, get } from "node:http";
import { serve } from "../child.mjs";

const AT_ONCE = 20;

const agent = new Agent({ maxSockets: Infinity });
let streams = [];
let seen = [];

/** Opens one; settles once its first bytes have come. */
function open(url, key) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: `Bearer ${key}` } }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`a stream was answered ${answer.statusCode}`));
      read(answer);
      answer.once("data", resolve);
      answer.on("error", () => {});
    });
    request.on("error", reject);
    streams.push(request);
  });
}

function read(answer) {
  let rest = "";
  answer.setEncoding("utf8").on("data", (text) => {
    const now = process.hrtime.bigint();
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) note(block, now);
  });
}

/** The texts of the replies are words without a quotation mark. */
function note(block, now) {
  const reply = /^event: reply$/m.test(block) && /"text":"([^"]*)"/.exec(block);
  if (reply) seen.push([reply[1], String(now)]);
}

async function openAll(urls, key) {
  const left = [...urls];
  const some = async () => {
    for (let url = left.pop(); url; url = left.pop()) await open(url, key);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

serve({
  open: ({ urls, key }) => openAll(urls, key),
  close: () => {
    for (const stream of streams) stream.destroy();
    streams = [];
  },
  seen: () => {
    const told = seen;
    seen = [];
    return told;
  },
});
