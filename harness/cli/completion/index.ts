import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT } from '../../errors.js';
import type { Context } from '../context.js';
import { unknown } from '../select.js';
import { complete, type Completion } from './engine.js';
import { SHELLS, type Shell } from './shells.js';
import { valuesOf } from './values.js';

/** `bench completion`: prints the script that makes a shell complete `bench`. */
export function completion({ printer }: Context, name: string): Promise<number> {
  printer.out(readFileSync(new URL(`bench.${shellOf(name)}`, import.meta.url), 'utf8'));
  return Promise.resolve(EXIT.done);
}

/**
 * What the scripts call at each press of Tab: prints a line for each word that may come next, with a description after a
 * tab, or `:file` or `:folder`. Changes nothing and connects to nothing.
 */
export async function completeWords(
  { printer }: Context,
  program: Command,
  shell: string,
  words: readonly string[],
): Promise<number> {
  const typed = shellOf(shell) === 'bash' ? wordsOfBash(words) : { words, assigned: false };
  const found = await complete(program, typed.words, valuesOf);
  printer.out(describe(found, typed.assigned));
  return EXIT.done;
}

function shellOf(name: string): Shell {
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) throw unknown('completion for', name, SHELLS);
  return shell;
}

/** `assigned`: bash completes only what follows the `=`. */
function describe(completion: Completion, assigned: boolean): string {
  if (completion.kind !== 'words') return `:${completion.kind}\n`;
  return completion.words
    .map(({ value, about }) => {
      const word = assigned ? value.slice(value.indexOf('=') + 1) : value;
      const [first = ''] = (about ?? '').replaceAll(/\s+/g, ' ').split(/(?<=\.) /);
      return first === '' ? `${word}\n` : `${word}\t${first}\n`;
    })
    .join('');
}

/**
 * Bash passes words as they were typed, in quotes, and splits them at each `=`: `--suite`, `=`, `lm`. Exported for its test.
 */
export function wordsOfBash(typed: readonly string[]): {
  readonly words: readonly string[];
  readonly assigned: boolean;
} {
  const words: string[] = [];
  let assigned = false;
  let joins = false;
  for (const word of typed) {
    const before = words.at(-1);
    assigned = false;
    if (word === '=' && before?.startsWith('--') === true && !before.includes('=')) {
      words[words.length - 1] = `${before}=`;
      joins = true;
      assigned = true;
    } else if (joins && before !== undefined) {
      words[words.length - 1] = `${before}${unquote(word)}`;
      joins = false;
      assigned = true;
    } else {
      words.push(unquote(word));
    }
  }
  return { words, assigned };
}

/** Removes quotes and backslashes of a shell word; expands nothing. */
function unquote(word: string): string {
  return word.replaceAll(
    /'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)/gs,
    (_all, single?: string, double?: string, one?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? one ?? '',
  );
}
