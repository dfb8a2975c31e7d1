// The form of an event: its fields have the names that issues have, JSON pointers.

import { ticketEvent } from "ticketwire";

export class Form {
  #form;
  #conversation;
  #variables;

  /** `send` gets each event that may be sent. */
  constructor(form, conversation, send) {
    this.#form = form;
    this.#conversation = conversation;
    this.#variables = form.querySelector("#variables");
    form.addEventListener("input", () => this.check());
    form.querySelector("#add").addEventListener("click", () => this.#add());
    form.addEventListener("submit", (submitted) => {
      submitted.preventDefault();
      const { value } = this.check();
      if (value) send(value);
    });
  }

  /** Checks what is typed, and shows each finding at its field. */
  check() {
    const result = ticketEvent.check(this.#event());
    const issues = result.issues ?? [];
    for (const output of this.#form.querySelectorAll("output[for]")) {
      const field = output.getAttribute("for");
      const issue = issues.find(({ pointer }) => pointer === field);
      const finding = issue ?? result.warnings.find(({ pointer }) => pointer === field);
      output.value = finding?.message ?? "";
      output.classList.toggle("issue", Boolean(issue));
      this.#field(field).setAttribute("aria-invalid", String(Boolean(issue)));
    }
    this.#form.querySelector("#send").disabled = issues.length > 0;
    return result;
  }

  clear() {
    this.#form.reset();
    this.#variables.replaceChildren();
    this.check();
  }

  /** What is typed, as an event. */
  #event() {
    const members = [...this.#variables.children].map((variable) => {
      const field = (member) => variable.querySelector(`input[data-member=${member}]`);
      return { key: field("key").value, value: field("value").value, sanitize: field("sanitize").checked };
    });
    return {
      platformConversationId: this.#conversation,
      text: this.#field("/text").value,
      metaData: members,
    };
  }

  #field(pointer) {
    return this.#form.elements.namedItem(pointer);
  }

  #add() {
    const place = `/metaData/${this.#variables.children.length}`;
    const variable = document.getElementById("variable").content.cloneNode(true);
    for (const field of variable.querySelectorAll("input")) field.name = `${place}/${field.dataset.member}`;
    for (const output of variable.querySelectorAll("output"))
      output.setAttribute("for", `${place}/${output.dataset.member}`);
    this.#variables.append(variable);
    this.check();
  }
}
