import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Argument, Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complete, placeholderOf } from '../../../harness/cli/completion/engine.js';
import { completeWords, wordsOfBash } from '../../../harness/cli/completion/index.js';
import { valuesOf } from '../../../harness/cli/completion/values.js';
import { makeProgram } from '../../../harness/cli/program.js';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { createRun } from '../../../harness/store/index.js';
import { suites } from '../../../suites/index.js';
import { dummySuite } from '../../run/dummy-suite.js';
import { printerOn } from '../captured-printer.js';

const program = makeProgram({ printer: printerOn(false).printer, process }, () => undefined);

/** Whoever writes such a file must not get a shell to run it, nor a terminal to show it. */
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  'a b',
  'a\nb',
  "a';touch pwned;'",
  '-x y',
  '\u001b[2J',
  '',
  '~root',
  ':file',
];

let folder = '';
let run = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-completion-'));
  const names = ['linux-up', 'lxc-up', ...HOSTILE];
  writeFileSync(
    join(folder, 'hosts.json'),
    JSON.stringify({
      hosts: { alpha: {}, beta: {} },
      targets: Object.fromEntries(names.map((name) => [name, { host: 'wrong' }])),
    }),
  );
  writeFileSync(join(folder, 'broken.json'), '{');
  const targets = [{ id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} }] as const;
  const plan = makePlan({ seed: 1, profile: 'quick', suites: [dummySuite()], targets, trials: 2 });
  const stored = await createRun(join(folder, 'runs'), plan, new Date(0));
  await stored.close();
  run = stored.id;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words that are offered after a line; `~` stands for the folder of this test. */
async function after(line: string): Promise<readonly string[] | string> {
  const words = line.replaceAll('~', folder).split(' ');
  const found = await complete(program, words, valuesOf);
  return found.kind === 'words' ? found.words.map(({ value }) => value) : found.kind;
}

describe('what may come next', () => {
  it.each<readonly [line: string, expected: readonly string[] | string]>([
    ['li', ['list']],
    ['lab ', ['up', 'down', 'status']],
    ['lab up --with d', ['docker']],
    ['run --su', ['--suite']],
    ['run --suite dd', ['dd', 'dd-load']],
    ['run --suite=dd', ['--suite=dd', '--suite=dd-load']],
    ['run --suite dd --su', ['--suite']],
    ['run --seed 1 --see', []],
    ['run --profile ', ['quick', 'paper']],
    ['run --exhibit table', ['table-2', 'table-3']],
    ['run --gate foreign', ['foreign-load=']],
    ['run --trials ', []],
    ['run --hosts ~/hosts.json --target l', ['linux-up', 'lxc-up']],
    ['run --hosts=~/hosts.json --target ', ['linux-up', 'lxc-up']],
    ['restore --hosts ~/hosts.json --host ', ['alpha', 'beta']],
    ['run --hosts ~/broken.json --target ', []],
    ['run --hosts ~/absent.json --target ', []],
    ['run --hosts ~ --target ', []],
    ['run --hosts ', 'file'],
    ['run --hosts=ho', 'file'],
    ['report --runs-dir ', 'folder'],
    ['import x', 'file'],
    ['import --published felter', ['felter2015']],
    ['list t', ['targets']],
    ['list targets ', []],
    ['schema ', ['hosts', 'report', 'thresholds']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['show --runs-dir ~/runs latest ', ['t0001', 't0002']],
    ['show --runs-dir ~/nowhere ', []],
    ['run -- --su', []],
    ['nonsense ', []],
  ])('after "bench %s": %j', async (line, expected) => {
    expect(await after(line)).toEqual(expected);
  });

  it('every suite is offered, and every verb but the hidden one', async () => {
    expect(await after('run --suite ')).toEqual(suites.map(({ id }) => id));
    const verbs = program.commands.map((verb) => verb.name()).filter((name) => !name.startsWith('__'));
    expect(await after('')).toEqual(verbs);
  });

  it('the runs in the folder are offered, the newest first', async () => {
    for (const line of ['show --runs-dir ~/runs ', 'run --runs-dir ~/runs --resume ', 'report --runs-dir ~/runs x ']) {
      expect(await after(line)).toEqual(['latest', run]);
    }
  });
});

it('every option and argument takes a path, a choice, a word of a list, or free text that is known as such', async () => {
  const free = [
    'n',
    'percent',
    'seconds',
    'text',
    'name',
    'destination',
    'path',
    'list',
    'fingerprint',
    'length',
    'words',
    'shell',
    'what',
    'target=target',
  ];
  const items: (Option | Argument)[] = [];
  const walk = (command: Command): void => {
    items.push(...command.options, ...command.registeredArguments);
    command.commands.forEach(walk);
  };
  walk(program);
  const typed = { option: () => undefined, operands: [] };
  for (const item of items) {
    const placeholder = item.argChoices === undefined ? placeholderOf(item) : undefined;
    if (placeholder === undefined || ['file', 'files', 'folder', ...free].includes(placeholder)) continue;
    expect(await valuesOf(placeholder, typed), placeholder).toBeDefined();
  }
});

it.each<readonly [typed: readonly string[], words: readonly string[], assigned: boolean]>([
  [['run', '--suite', 'dd'], ['run', '--suite', 'dd'], false],
  [['run', '--suite', '=', 'dd'], ['run', '--suite=dd'], true],
  [['run', '--suite', '='], ['run', '--suite='], true],
  [['run', '--suite', '=', 'dd', '--ta'], ['run', '--suite=dd', '--ta'], false],
  [['run', '--gate', 'skew', '=', '2'], ['run', '--gate', 'skew', '=', '2'], false],
  [["'a b'", '"c $d"', 'e\\ f', "'open"], ['a b', 'c $d', 'e f', 'open'], false],
])('the words of bash %j are %j', (typed, words, assigned) => {
  expect(wordsOfBash(typed)).toEqual({ words, assigned });
});

it('the hidden verb prints a line for each word, and none with a hostile name', async () => {
  const { printer, stdout } = printerOn(false);
  const words = ['run', '--hosts', join(folder, 'hosts.json'), '--target', ''];
  expect(await completeWords({ printer, process }, program, 'fish', words)).toBe(0);
  expect(stdout.text()).toBe('linux-up\nlxc-up\n');
});
