// What everybody checks by: what must be there and of which type, that no other member is, and these limits. In
// characters, since that is what validators count; ours are bytes. Characters that the API does not take are not
// looked for, and nobody else warns: the others do less.

export const MAX = { id: 256, text: 524_288, platform: 64, variables: 100, key: 256, value: 16_384 };
