// How the exercise went, as it says itself.

const VERDICT = /\b(OK|FAILED): [^]*/;

/** Stacks name a page with all that it was told. */
const QUERY = /\?relay=[^\s:)]*/g;

export const isVerdict = (text) => VERDICT.test(text);

/** Throws unless the exercise said OK, and nothing else, in all this. */
export function judge(said) {
  const [verdict, word] = VERDICT.exec(said) ?? [`the exercise said nothing\n${said}`];
  if (word !== "OK") throw new Error(verdict.replace(QUERY, ""));
}
