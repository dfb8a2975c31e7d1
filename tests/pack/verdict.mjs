// How the exercise went, as it says itself.

const VERDICT = /\b(OK|FAILED): [^]*/;

export const isVerdict = (text) => VERDICT.test(text);

/** Throws unless the exercise said OK, and nothing else, in all this. */
export function judge(said) {
  const [verdict, word] = VERDICT.exec(said) ?? [`the exercise said nothing\n${said}`];
  if (word !== "OK") throw new Error(verdict);
}
