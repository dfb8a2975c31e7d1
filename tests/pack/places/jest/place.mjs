// Jest, whose tests run in contexts of their own: Node's globals, or jsdom's.

const jest = (...options) => [
  "node",
  ...options.filter(isNodes),
  "node_modules/jest/bin/jest.js",
  ...options.filter((each) => !isNodes(each)),
];
const isNodes = (option) => option.startsWith("--experimental");

const row = (name, loads, ...options) => ({
  name,
  loads,
  run: ({ succeed }) => succeed(...jest(...options)),
});

export const rows = [
  row("Jest 30, node", "require", "node.test.js"),
  row("Jest 30, node", "import", "--experimental-vm-modules", "module.test.mjs"),
  row("Jest 30, jsdom, own fetch", "require, browser", "jsdom.test.js"),
];
