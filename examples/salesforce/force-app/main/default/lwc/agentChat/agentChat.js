import { LightningElement, api } from "lwc";
import { loadScript } from "lightning/platformResourceLoader";
import TICKETWIRE from "@salesforce/resourceUrl/ticketwire";
import openSession from "@salesforce/apex/TicketwireSession.openSession";

/** A token that ends sooner than this is not worth a call. */
const LEFT_MS = 30_000;

/** The agent, beside a case. The script of the static resource is the global `ticketwire`. */
export default class AgentChat extends LightningElement {
  /** The case, as its page says. */
  @api recordId;

  text = "";
  entries = [];
  findings = [];
  problem = "";
  hasIssues = false;
  left;
  session;
  client;

  async connectedCallback() {
    this.left = new AbortController();
    try {
      await loadScript(this, TICKETWIRE);
      this.session = await openSession({ recordId: this.recordId });
      const { relay } = this.session;
      this.client = new window.ticketwire.TicketClient({ baseURL: relay, token: () => this.token() });
      await this.follow();
    } catch (error) {
      this.tell(error);
    }
  }

  disconnectedCallback() {
    this.left.abort();
  }

  /** Asked before each call, so it keeps what it has. */
  async token() {
    if (this.session.expiresMs - Date.now() < LEFT_MS) {
      this.session = await openSession({ recordId: this.recordId });
    }
    return this.session.token;
  }

  /** Everything that is said in the case, from the beginning. */
  async follow() {
    for await (const change of this.client.changes(this.recordId, { signal: this.left.signal })) {
      const said = change.reply ?? change.event;
      if (!said || change.repeatOf) continue;
      this.entries = [...this.entries, { key: change.seq, kind: change.type, text: said.text }];
    }
  }

  get event() {
    return { platformConversationId: this.recordId, text: this.text };
  }

  get isNotReady() {
    return !this.text || this.hasIssues;
  }

  check({ target }) {
    this.text = target.value;
    const { issues = [], warnings } = window.ticketwire.ticketEvent.check(this.event);
    this.hasIssues = issues.length > 0;
    this.findings = [...issues, ...warnings].map(({ pointer, code, message }) => ({
      key: `${pointer} ${code}`,
      message,
    }));
  }

  async send() {
    this.problem = "";
    try {
      await this.client.send(this.event);
      this.text = "";
    } catch (error) {
      this.tell(error);
    }
  }

  tell(error) {
    if (error.code !== "aborted")
      this.problem = error.code ? `${error.code}: ${error.message}` : String(error);
  }
}
