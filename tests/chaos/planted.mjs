export async function runPlanted() {
  throw new Error("nothing is planted yet");
}
