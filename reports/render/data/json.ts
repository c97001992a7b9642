import type { Report } from '../../model/document.js';
import type { Exporter } from '../exporter.js';

export const json: Exporter<'json'> = {
  id: 'json',
  mediaType: 'application/json',
  extension: 'json',
  output: 'stdout',
  render: renderJson,
};

/** The report itself. Long lists have one item a line, so that reports can be compared with line tools. */
export function renderJson(report: Report): string {
  const members = Object.entries(report).map(([key, value]) => {
    const items = Array.isArray(value) && value.length > 0 ? lines(value) : JSON.stringify(value, null, 2);
    return `  ${JSON.stringify(key)}: ${items.replaceAll('\n', '\n  ')}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

function lines(items: readonly unknown[]): string {
  return `[\n  ${items.map((item) => JSON.stringify(item)).join(',\n  ')}\n]`;
}
