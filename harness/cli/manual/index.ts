import process from 'node:process';
import type { Command, Option } from 'commander';
import { COMMON } from '../help.js';
import { makePrinter } from '../printer.js';
import { makeProgram } from '../program.js';
import { ENVIRONMENT, EXIT_CODES, FILES } from './texts.js';

/** The manual page `bench(1)` in man(7), from the texts of `--help`. The build writes it to dist/man/bench.1. */
export function manual(version: string): string {
  const { stdout, stderr } = process;
  const printer = makePrinter({ stdout, stderr, verbose: false, color: false });
  return manualOf(
    makeProgram({ printer, process }, () => undefined),
    version,
  );
}

/** Pure but for the help that commander prints, which is captured. */
export function manualOf(program: Command, version: string): string {
  const help = program.createHelp();
  const verbs = help
    .visibleCommands(program)
    .flatMap((verb) => (verb.commands.length > 0 ? help.visibleCommands(verb) : [verb]));
  const [anyVerb] = verbs;
  const common = anyVerb === undefined ? [] : help.visibleOptions(anyVerb).filter(isCommon);
  return [
    `.TH BENCH 1 "" "bench ${text(version)}" "User Commands"`,
    '.SH NAME',
    `bench \\- compare native Linux, containers and virtual machines`,
    '.SH SYNOPSIS',
    '.B bench',
    '.I verb',
    `[${italic('option')}] ...`,
    '.SH DESCRIPTION',
    text(program.description()),
    '.PP',
    text('Results go to standard output, everything else to standard error.'),
    '.SH VERBS',
    ...verbs.flatMap((verb) => describeVerb(program, verb)),
    '.SH OPTIONS OF EVERY VERB',
    ...common.flatMap((option) => describeOption(program, option)),
    ...section('EXIT STATUS', EXIT_CODES),
    ...section('ENVIRONMENT', ENVIRONMENT),
    ...section('FILES', FILES),
    '.SH SEE ALSO',
    '.BR ssh (1),',
    '.BR ssh_config (5)',
    '',
  ].join('\n');
}

const isCommon = ({ long }: Option): boolean => COMMON.includes(long ?? '');

function describeVerb(program: Command, verb: Command): string[] {
  const help = program.createHelp();
  const options = help.visibleOptions(verb).filter((option) => !isCommon(option));
  const examples = examplesOf(verb);
  const usage = verb.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [
    `.SS ${text([pathOf(verb), ...(options.length > 0 ? ['[options]'] : []), ...usage].join(' '))}`,
    text(verb.description()),
    ...verb.registeredArguments.flatMap((argument) => [
      '.TP',
      italic(help.argumentTerm(argument)),
      text(help.argumentDescription(argument)),
    ]),
    ...options.flatMap((option) => describeOption(program, option)),
    ...(examples.length === 0 ? [] : ['.PP', '.nf', ...examples.map((line) => `    ${text(line)}`), '.fi']),
  ];
}

/** `bench lab up`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function describeOption(program: Command, option: Option): string[] {
  const help = program.createHelp();
  return ['.TP', bold(help.optionTerm(option)), text(help.optionDescription(option))];
}

/** The lines below `Example:` at the end of a verb's help. */
function examplesOf(verb: Command): string[] {
  let printed = '';
  verb.configureOutput({ writeOut: (chunk) => (printed += chunk) });
  verb.outputHelp();
  const [, after = ''] = printed.split(/\nExamples?:\n/);
  return after
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function section(title: string, entries: readonly (readonly [string, string])[]): string[] {
  return [`.SH ${title}`, ...entries.flatMap(([term, meaning]) => ['.TP', bold(term), text(meaning)])];
}

/** Text for roff (groff(7), "Escape sequences"): nothing of it is a request or an escape. */
function text(plain: string): string {
  const escaped = plain
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti');
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped;
}

const bold = (plain: string): string => `\\fB${text(plain)}\\fR`;
const italic = (plain: string): string => `\\fI${text(plain)}\\fR`;
