import { TicketClient } from "ticketwire";

export const send = (baseURL, token, event) => new TicketClient({ baseURL, token }).send(event);
