import type { Figure, FigureMark } from '../../model/figure.js';
import { writer } from './axis.js';

/** The figure in words, for screen readers. */
export function describeFigure(figure: Figure): string {
  return figure.panels
    .map((panel) => {
      const { write, unit } = writer(panel);
      const groups = panel.groups.map((group, index) => {
        const marks = group.marks.map((mark) => describeMark(mark, figure, write));
        const paper = group.published.map(({ column, text }) => `${column} in the paper ${text}`);
        return `${figure.groups[index] ?? ''}: ${[...marks, ...paper].join(', ')}`;
      });
      return `${panel.title}${unit === '' ? '' : ` in ${unit}`}. ${groups.join('. ')}.`;
    })
    .join(' ');
}

function describeMark(mark: FigureMark, figure: Figure, write: (value: number) => string): string {
  const label = figure.bars === 'systems' ? `${figure.series[mark.series]?.label ?? ''} ` : '';
  if (mark.state !== 'value') return `${label}${mark.state} (${mark.why})`;
  const interval = mark.low === null || mark.high === null ? '' : ` (${write(mark.low)} to ${write(mark.high)})`;
  return `${label}${write(mark.value)}${interval}`;
}
