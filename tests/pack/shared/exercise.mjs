// What every place does with the package: an event that is not valid, one that is, and the agent's answer.

const BAD = { platformConversationId: "case-1", metadata: [], text: 5 };
const FAULTS = "/metadata unknown-member, /text wrong-type";
const QUESTION = "I need to update my shipping address";
const ANSWER = "I can help you with that. What is the new shipping address, with postal code and country?";

/** Says OK, or what failed. `rest`: more of the client's options. */
export async function exercise(ticketwire, { relay, token, conversation, ...rest }) {
  try {
    checkBad(ticketwire);
    const client = new ticketwire.TicketClient({ baseURL: relay, token, ...rest });
    await client.send(event(ticketwire, conversation));
    return `OK: ${expect("a reply", await firstReply(client, conversation), ANSWER)}`;
  } catch (error) {
    return `FAILED: ${error.stack ?? error}`;
  }
}

function checkBad({ ticketEvent }) {
  const { issues = [] } = ticketEvent.check(BAD);
  const faults = issues.map(({ pointer, code }) => `${pointer} ${code}`);
  expect("issues", faults.sort().join(", "), FAULTS);
}

const event = ({ ticketEvent }, conversation) =>
  ticketEvent.build(conversation).text(QUESTION).personal("email", "jo@example.com").build();

async function firstReply(client, conversation) {
  for await (const reply of client.replies(conversation)) return reply.text;
}

function expect(what, found, expected) {
  if (found !== expected) throw new Error(`${what}: expected “${expected}”, found “${found}”`);
  return found;
}
