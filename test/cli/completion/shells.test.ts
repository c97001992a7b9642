import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { completion } from '../../../harness/cli/completion/index.js';
import { SHELLS, type Shell } from '../../../harness/cli/completion/shells.js';
import { printerOn } from '../captured-printer.js';

// A `bench` that writes down how it was called and prints what it is given, in the place of the real one.

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-shells-'));
  for (const shell of SHELLS) {
    const { printer, stdout } = printerOn(false);
    await completion({ printer, process }, shell);
    writeFileSync(join(folder, `script.${shell}`), stdout.text());
  }
  const stub = join(folder, 'bench');
  writeFileSync(stub, '#!/bin/sh\nfor word do printf "%s|" "$word"; done > called\ncat answer\n');
  chmodSync(stub, 0o755);
  writeFileSync(join(folder, 'paper.json'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How each shell is made to complete `bench WORDS…`, printing the words that it would insert. */
const drive: Readonly<Record<Shell, (words: readonly string[]) => string>> = {
  bash: (words) =>
    `source ./script.bash; COMP_WORDS=(bench ${words.map(quote).join(' ')}); COMP_CWORD=${words.length}; _bench; printf '%s\n' "\${COMPREPLY[@]}"`,
  zsh: (words) =>
    `compdef() { :; }; compset() { :; }; _files() { print -l files }; compadd() { print -l -- $values }; source ./script.zsh; words=(bench ${words.map(quote).join(' ')}); CURRENT=${words.length + 1}; _bench`,
  fish: (words) =>
    `source ./script.fish; complete -C ${quote(['bench', ...words].join(' '))} | string replace -r '\\t.*' ''`,
};

const quote = (word: string): string => `'${word}'`;

function press(shell: Shell, words: readonly string[], answer: string): { offered: string[]; called: string } {
  writeFileSync(join(folder, 'answer'), answer);
  const { stdout, stderr } = spawnSync(shell, [...(shell === 'zsh' ? ['-f'] : []), '-c', drive[shell](words)], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder, LC_ALL: 'C.UTF-8' },
  });
  expect(stderr).toBe('');
  return {
    offered: stdout.split('\n').filter((line) => line !== ''),
    called: readFileSync(join(folder, 'called'), 'utf8'),
  };
}

for (const shell of SHELLS) {
  const missing = spawnSync(shell, ['-c', ':']).error !== undefined;
  const test = missing ? it.skip : it;

  test(`${shell}: passes the words up to the cursor, and offers those of the answer`, () => {
    const { offered, called } = press(shell, ['run', '--su'], '--suite\tA suite.\n--suit-up\n');
    expect(called).toBe(`__complete|${shell}|--|run|--su|`);
    expect(offered.sort()).toEqual(['--suit-up', '--suite']);
  });

  test(`${shell}: passes an empty word at the cursor`, () => {
    const { offered, called } = press(shell, ['run', '--target', ''], 'linux-up\nlxc-up\n');
    expect(called).toBe(`__complete|${shell}|--|run|--target||`);
    expect(offered).toEqual(['linux-up', 'lxc-up']);
  });

  test(`${shell}: runs nothing of what is typed or answered`, () => {
    const answer = '$(touch pwned)\n`touch pwned`\n;touch pwned\n';
    press(shell, ['run', '--target', '"$(touch pwned)'], answer);
    press(shell, ['run', '--target', ''], answer);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
}

it.skipIf(spawnSync('fish', ['-c', ':']).error !== undefined)('fish: completes paths after an option', () => {
  expect(press('fish', ['run', '--hosts', 'pa'], ':file\n').offered).toEqual(['paper.json']);
  expect(press('fish', ['run', '--hosts=pa'], ':file\n').offered).toEqual(['--hosts=paper.json']);
});
