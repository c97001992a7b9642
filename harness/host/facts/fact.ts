import type { Command, Json } from '../../types.js';

/**
 * One thing to know of a machine: a command and the pure reader of what it prints. The reader gets stdout without
 * trailing newlines, and only when it is not empty; `undefined`: the reader does not know the format.
 */
export interface Fact {
  /** Unique; the key under which records keep it. */
  readonly name: string;
  /** Words without line breaks. May fail: what it printed counts, not its exit code. */
  readonly argv: Command['argv'];
  read(stdout: string): Json | undefined;
}

/** `name: value` or `name<TAB>: value` lines; the first of each name. */
export function readPairs(text: string, separator: RegExp): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = separator.exec(line);
    if (at === null) continue;
    const name = line.slice(0, at.index).trim();
    if (!pairs.has(name)) pairs.set(name, line.slice(at.index + at[0].length).trim());
  }
  return pairs;
}

/** A fact that is the trimmed text itself. */
export const asText = (text: string): string => text.trim();

/** A fact that is one decimal number. */
export function asNumber(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text.trim()) : undefined;
}
