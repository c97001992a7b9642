import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCommand, commandLine, quote, quoteArgv } from '../../harness/connect/quote.js';
import { HOSTILE } from './hostile.js';

/** Strings that an argv can carry, with everything that means something to a shell much more often than by chance. */
const word = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '!', '*', '~', '#', '-', '='),
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

const PRINT = ['printf', '%s\\0'];

function printed(shell: string, line: string): readonly string[] {
  // dash as bash, bash as dash and busybox all run what they get with -c; argv reaches them without any other shell.
  const [program, ...args] = shell.split(' ');
  const out = execFileSync(program ?? '', [...args, '-c', line], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

const present = (path: string): boolean => existsSync(path);

describe.each([
  ['dash', '/bin/dash'],
  ['bash', '/bin/bash'],
  ['bash --posix', '/bin/bash'],
  ['busybox sh', '/bin/busybox'],
])('quoting for %s', (shell, path) => {
  const title = present(path) ? '' : ` (skipped: no ${path})`;

  it.skipIf(!present(path))(`keeps every hostile word${title}`, () => {
    expect(printed(shell, quoteArgv([...PRINT, ...HOSTILE]))).toEqual(HOSTILE);
  });

  it.skipIf(!present(path))(`keeps any words through one hop and through two${title}`, { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const once = commandLine([...PRINT, ...words]);
        expect(printed(shell, once)).toEqual(words);
        // Two hops: the second shell's line is one word of the first's.
        for (const second of ['dash', 'bash']) {
          expect(printed(shell, commandLine([second, '-c', once]))).toEqual(words);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('quote', () => {
  it.each([
    ['', "''"],
    ['plain-word_1.2/3:4', 'plain-word_1.2/3:4'],
    ['two words', "'two words'"],
    ["it's", "'it'\\''s'"],
    ['A=b', "'A=b'"],
    ['~', "'~'"],
  ])('writes %j as %s', (text, expected) => {
    expect(quote(text)).toBe(expected);
  });

  it.each(['a\0b', '\ud800', 'x\udc00'])('refuses %j', (text) => {
    expect(() => quote(text)).toThrow(RangeError);
    expect(() => checkCommand({ argv: ['echo', text] })).toThrow(RangeError);
    expect(() => checkCommand({ argv: ['echo'], env: { A: text } })).toThrow(RangeError);
    expect(() => checkCommand({ argv: ['echo'], cwd: `/${text}` })).toThrow(RangeError);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the time limit %d', (timeoutMs) => {
    expect(() => checkCommand({ argv: ['echo'], timeoutMs })).toThrow(RangeError);
  });
});
