// The work on a request, in steps of the core; what it waits for is awaited here.

let last = 0;

/** Answers a request. */
export async function answer(core, request, env, context) {
  last = (last + 1) >>> 0;
  const number = last;
  let step = core.begin(number, request, env, context);
  while (step instanceof Promise) {
    let value;
    try {
      value = await step;
    } catch (reason) {
      step = core.fail(number, reason);
      continue;
    }
    step = core.resume(number, value);
  }
  return step;
}
