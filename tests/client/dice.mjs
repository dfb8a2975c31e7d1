// Dice that a seed decides, so that what was found can be found again.

/** Rolls from 0 up to 1, by Marsaglia's xorshift over 32 bits (Journal of Statistical Software 8, 2003). */
export function dice(seed) {
  // Seeds that follow each other would begin alike.
  let state = Math.imul(seed, 0x9e3779b1) || 1;
  const roll = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(roll() * count);
  const pick = (list) => list[below(list.length)];
  return { roll, below, pick };
}
