/** Formats of figures in files. */
export const FIGURE_FORMATS = ['svg', 'png', 'pdf'] as const;

export type FigureFormat = (typeof FIGURE_FORMATS)[number];
