import { suggestion } from '../nearest.js';
import type { JsonPath } from './json-text.js';

/** One thing that is wrong in a hosts file. */
export interface Mistake {
  readonly path: JsonPath;
  readonly expected: string;
  /** Left out where it may not be shown, or where the path is enough. */
  readonly found?: string;
  readonly hint?: string;
}

/** `targets.lxc-up: expected ..., found ...; hint`: one line, without file and line number. */
export function describeMistake({ path, expected, found, hint }: Mistake): string {
  const contrast = found === undefined ? `expected ${expected}` : `expected ${expected}, found ${found}`;
  return `${writePath(path)}: ${contrast}${hint === undefined ? '' : `; ${hint}`}`;
}

/** `targets.lxc-up.shape.cpus[0]`; a name that is not plain is quoted; the whole file is `the file`. */
export function writePath(path: JsonPath): string {
  const text = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[$A-Za-z0-9_-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  });
  return text.length === 0 ? 'the file' : text.join('').replace(/^\./, '');
}

/** A value as a mistake shows it: JSON, shortened; `nothing` for one that is not there. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length > 8 ? `a list of ${value.length}` : shorten(JSON.stringify(value));
  if (typeof value === 'object' && value !== null) return 'an object';
  return shorten(JSON.stringify(value));
}

/** At most 60 characters; JSON has already escaped control characters and line breaks. */
function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The mistake of an unknown name; the hint suggests the nearest known one, or lists all. */
export function misnamed(path: JsonPath, name: string, expected: string, known: Iterable<string>): Mistake {
  return { path, expected, found: show(name), hint: suggestion(name, known) };
}
