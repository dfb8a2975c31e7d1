import resolve from "@rollup/plugin-node-resolve";

// A warning is somebody's work: none is let through.
const onLog = (level, { message }) => {
  if (level === "warn") throw new Error(message);
};

export default {
  input: "page.mjs",
  output: { file: "dist/page.mjs" },
  plugins: [resolve({ browser: true })],
  onLog,
};
