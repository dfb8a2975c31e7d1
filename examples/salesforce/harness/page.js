// The page of a case: puts the component into it, as a record page does.

import { createElement } from "lwc";
import AgentChat from "c/agentChat";

const chat = createElement("c-agent-chat", { is: AgentChat });
chat.recordId = new URLSearchParams(location.search).get("case");
document.body.append(chat);
