import { createRequire } from 'node:module';
import type { Report } from '../../model/document.js';

const require = createRequire(import.meta.url);

/** JSON Schema (draft 2020-12) of what `renderJson` writes; it documents every field. */
export const reportJsonSchema = require('../../report.schema.json') as Readonly<Record<string, unknown>>;

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
