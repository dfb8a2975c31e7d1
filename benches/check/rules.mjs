// What everybody checks by: an event's limits, as the package documents them. Characters stand for bytes,
// since that is what validators count.

export const MAX = { id: 256, text: 524_288, platform: 64, variables: 100, key: 256, value: 16_384 };
