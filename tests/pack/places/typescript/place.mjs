// TypeScript from 5.4 on, as strict as it can be, without looking away from the package's own types.

const VERSIONS = ["5.4", "5.9", "7"];

const STRICT = [
  "--noEmit",
  "--target",
  "ES2022",
  "--strict",
  "--exactOptionalPropertyTypes",
  "--skipLibCheck",
  "false",
];
/** A page knows no types of Node's, and Node none of a page's. */
const LIBRARIES = [
  ["--lib", "ES2022,DOM", "--typeRoots", "none"],
  ["--lib", "ES2022", "--types", "node"],
];
const RESOLUTIONS = {
  nodenext: ["--module", "nodenext", "crm.mts", "crm.cts"],
  bundler: ["--module", "esnext", "--moduleResolution", "bundler", "crm.mts"],
};

export const rows = VERSIONS.flatMap((version) =>
  Object.entries(RESOLUTIONS).map(([loads, files]) => ({
    name: `TypeScript ${version}`,
    loads,
    run: async ({ run }) => {
      const tsc = ["node", `node_modules/typescript-${version}/bin/tsc`, ...STRICT];
      for (const library of LIBRARIES) await run(...tsc, ...library, ...files);
    },
  })),
);
