import type { Report } from '../../model/document.js';
import type { Exporter } from '../exporter.js';

export const json: Exporter<'json'> = {
  id: 'json',
  mediaType: 'application/json',
  extension: 'json',
  output: 'stdout',
  render: renderJson,
};

/** The report itself. */
export function renderJson(report: Report): string {
  return jsonLines(report);
}

/**
 * A document as JSON. Long lists have one item a line, so that documents can be compared with line tools. Control characters
 * that JSON may have unescaped, which a terminal obeys, are escaped, as are those that nobody sees.
 */
export function jsonLines(document: object): string {
  const members = Object.entries(document).map(([key, value]) => {
    const items = Array.isArray(value) && value.length > 0 ? lines(value) : JSON.stringify(value, null, 2);
    return `  ${JSON.stringify(key)}: ${items.replaceAll('\n', '\n  ')}`;
  });
  return `{\n${members.join(',\n')}\n}\n`.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character.split('').map(escaped).join(''),
  );
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

function lines(items: readonly unknown[]): string {
  return `[\n  ${items.map((item) => JSON.stringify(item)).join(',\n  ')}\n]`;
}
