// The folder is in another project's, whose lock file Next would take for its own.
export default { turbopack: { root: import.meta.dirname } };
