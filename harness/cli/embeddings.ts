/** Values of `--embed`, the default first. */
export const EMBEDDINGS = ['none', 'selected', 'all'] as const;
export type Embed = (typeof EMBEDDINGS)[number];
