import Stripe from "stripe";
import { checked } from "./by-hand.mjs";

/** The client of another API, as one that carries all of its API. It writes JSON to paths under /v2 alone. */
export async function send(url, token, event) {
  const { hostname, port, protocol } = new URL(url);
  const host = { host: hostname, port, protocol: protocol.slice(0, -1) };
  const stripe = new Stripe(token, { ...host, maxNetworkRetries: 2 });
  await stripe.rawRequest("POST", "/v2/converse/ticket", checked(event));
}
