import type { Palette } from '../chart/figure-chart.js';

/** The colours of the page in light, for drawings in files: those of Okabe and Ito, as `report.css` has them. */
export const LIGHT: Palette = {
  ink: '#1a2027',
  soft: '#55606c',
  line: '#d9dee3',
  faint: '#eef1f3',
  page: '#ffffff',
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'],
};
