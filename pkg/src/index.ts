/**
 * Sends ticket events to a ticket automation agent, and brings its replies: checked and decided by one
 * core, compiled from Rust to WebAssembly.
 *
 * @module ticketwire
 */
export { EventBuilder, ticketEvent, type JsonSchemaOptions, type StandardEvent } from "./event.js";
export { TicketClient, type PlainResponse, type Sending, type Sent } from "./client.js";
export { TicketwireError, type ErrorCode, type ErrorDetails } from "./error.js";
export { init } from "./init.js";
export { reply } from "./reply.js";
export { VERSION } from "./version.js";
export type * from "./options.js";
export type * from "./types.js";
