/** What the build makes of the Rust core; see scripts/build/client.mjs. */

declare module "#glue" {
  /** What wasm-bindgen wrote. */
  export interface Glue {
    __wbg_set_wasm(exports: WebAssembly.Exports): void;
    checkEvent(body: Uint8Array, isValue: boolean): Uint8Array | undefined;
    checkReply(body: Uint8Array): Uint8Array;
    waitMs(status: number, retryAfterMs: number, attempt: number, maxRetries: number, roll: number): number;
    apiCode(status: number): string;
    Frames: new () => Frames;
  }

  /** A stream being read. */
  export interface Frames {
    push(bytes: Uint8Array): string | undefined;
    free(): void;
  }

  /** A way to a core of its own. */
  const glue: (TextDecoder: unknown, TextEncoder: unknown) => Glue;
  export default glue;
}

declare module "#load" {
  export function load(imports: object): WebAssembly.Exports;
  export function loadAsync(): Promise<typeof load>;
}

declare module "#wasm-text" {
  const text: string;
  export default text;
}

declare module "#wasm-module" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "#wasm-script" {
  const instantiate: (imports: object) => WebAssembly.Exports;
  export default instantiate;
}

declare module "#event-schema" {
  const schema: Record<string, unknown>;
  export default schema;
}
