// The event that is being composed. Its JSON is the one truth: what the form shows is read from it, and what is
// typed there changes it, leaving the rest as somebody wrote it.

import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree } from "jsonc-parser";
import { ticketEvent } from "ticketwire";

const STYLE = { formattingOptions: { insertSpaces: true, tabSize: 2 } };
/** Whose text is no JSON, so that nothing in it has a place. */
const UNREADABLE = ["not-json", "no-body", "not-utf8", "body-too-large"];

export class Draft {
  #tree;

  constructor(text) {
    this.text = text;
    this.#tree = parseTree(text);
    const { value, issues = [], omitted = 0, warnings } = ticketEvent.checkJson(text);
    Object.assign(this, { value, issues, omitted, warnings });
  }

  static of(event) {
    return new Draft(JSON.stringify(event, undefined, 2));
  }

  /** Whether the form can show it, and change it. */
  get isReadable() {
    return this.#tree?.type === "object" && !this.issues.some(({ code }) => UNREADABLE.includes(code));
  }

  /** What stands at this path. */
  at(...path) {
    const node = this.#node(path);
    return node && getNodeValue(node);
  }

  /** Another, in which this stands there; nothing, where it is taken out. */
  with(path, value) {
    return new Draft(applyEdits(this.text, modify(this.text, path, value, STYLE)));
  }

  /** Another, with one more at the end of a list. */
  withMore(name, item) {
    const list = this.at(name);
    if (!Array.isArray(list)) return this.with([name], [item]);
    const insertion = { ...STYLE, isArrayInsertion: true };
    return new Draft(applyEdits(this.text, modify(this.text, [name, list.length], item, insertion)));
  }

  /** The line, from 1, of what a finding is about; of what holds it, where that is missing. */
  lineOf({ path, code, message }) {
    const [, line] = (code === "not-json" && / line (\d+)/.exec(message)) || [];
    if (line) return Math.min(Number(line), this.text.split("\n").length);
    return lineAt(this.text, this.#offset(path));
  }

  #offset(path) {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = this.#node(path.slice(0, length));
      // A member begins with its name.
      if (node) return (node.parent?.type === "property" ? node.parent : node).offset;
    }
    return 0;
  }

  #node(path) {
    return this.#tree && findNodeAtLocation(this.#tree, path);
  }
}

/** The line, from 1, at this offset. */
function lineAt(text, offset) {
  return text.slice(0, offset).split("\n").length;
}
