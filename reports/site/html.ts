import { plainLine } from '../narrative/format.js';

/** Markup that is safe to put into a page. Only `html` makes it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | false | null | undefined | readonly Part[];

/** A template of HTML: every value that is not markup itself is escaped; lists are joined, absent values are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => `${text}${index < parts.length ? write(parts[index]) : ''}`).join(''));
}

function write(part: Part): string {
  if (part === false || part === null || part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escape(part);
  return part.map(write).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for elements and quoted attributes; characters that no one sees are written out. */
function escape(text: string): string {
  return plainLine(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
