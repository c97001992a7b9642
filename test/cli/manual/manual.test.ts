import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import process from 'node:process';
import { expect, it } from 'vitest';
import { manual, manualOf } from '../../../harness/cli/manual/index.js';
import { makeProgram } from '../../../harness/cli/program.js';
import { printerOn } from '../captured-printer.js';

const page = manual('1.2.3');
/** As a reader sees it, as far as words go. */
const plain = (roff: string): string =>
  roff
    .replaceAll(/\\f[BIR]/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\(aq', "'")
    .replaceAll('\\(ti', '~');

it('has every verb with its options, its arguments and an example', () => {
  const program = makeProgram({ printer: printerOn(false).printer, process }, () => undefined);
  const verbs = program.createHelp().visibleCommands(program);
  const leaves = verbs.flatMap((verb) => (verb.commands.length > 0 ? verb.commands : [verb]));
  const sections = plain(page).split('\n.SS ');
  expect(sections).toHaveLength(leaves.length + 1);
  for (const verb of leaves) {
    const found = sections.find((section) => new RegExp(`^bench (lab )?${verb.name()}( |\n)`).test(section));
    for (const { flags } of verb.options) {
      expect(/--(runs-dir|verbose)/.test(flags) ? plain(page) : found).toContain(`\n${flags}\n`);
    }
    expect(found).toMatch(/\n\.nf\n {4}bench /);
  }
});

it.each(['EXIT STATUS', 'ENVIRONMENT', 'FILES', 'OPTIONS OF EVERY VERB'])('has the section %s', (title) => {
  expect(page).toMatch(new RegExp(`^\\.SH ${title}\\n\\.TP\\n`, 'm'));
});

it('names every exit code', () => {
  for (const code of ['0', '1', '2', '3', '130']) expect(page).toContain(`\n\\fB${code}\\fR\n`);
});

it('no text is a request or an escape', () => {
  const program = new Command('bench').description('.so /etc/passwd \\n(.g');
  program.command('x').description("'br\n.sy id").option('--y <z>', '\\X and .PP');
  const roff = manualOf(program, '1');
  expect(roff).not.toMatch(/^\.s[oy]|^'br|[^\\]\\[nX]/m);
  expect(roff).toContain('\\&.so /etc/passwd \\en(.g');
});

it.skipIf(spawnSync('groff', ['--version']).error !== undefined)('groff has no warning about it', () => {
  const { status, stdout, stderr } = spawnSync('groff', ['-ww', '-man', '-Tutf8'], { input: page, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.replaceAll(/.\u0008|\u001b\[[\d;]*m/g, '')).toContain('VERBS');
});
