import type { Argument, Command, Option } from 'commander';

/** A word that may come next. */
export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

/** What may stand at the cursor: one of some words, or a path, which the shell completes itself. */
export type Completion =
  { readonly kind: 'words'; readonly words: readonly Candidate[] } | { readonly kind: 'file' | 'folder' };

/** What was typed before the cursor. */
export interface Typed {
  /** The value of an option, or its default. */
  option(long: string): string | undefined;
  readonly operands: readonly string[];
}

/** The words that a placeholder such as `suite` can be; undefined for one that has no list. */
export type ValuesOf = (placeholder: string, typed: Typed) => Promise<readonly Candidate[] | undefined>;

/** Nothing else is offered: no shell reads more into such a word than its letters. */
const SAFE = /^-{0,2}[A-Za-z0-9][\w.+@%,-]*=?$/;

/**
 * What may come at the last of `words`, which are those after `bench`; the last is the one at the cursor, perhaps empty.
 * Verbs, options and choices are those of the program; the word between the brackets of an option or argument (`<suite>`)
 * is the name by which `valuesOf` gets its values. Only words that no shell has to quote are offered.
 */
export async function complete(program: Command, words: readonly string[], valuesOf: ValuesOf): Promise<Completion> {
  const line = readWords(program, words.slice(0, -1));
  const current = words.at(-1) ?? '';
  const [, name, text] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const assigned = name === undefined || line.pending !== undefined ? undefined : optionOf(line.command, name);
  const awaiting = line.pending ?? assigned;
  if (awaiting !== undefined) {
    return offer(await valuesAt(awaiting, line, valuesOf), text ?? current, text === undefined ? '' : `${name ?? ''}=`);
  }
  if (!line.plain && current.startsWith('-')) return offer({ kind: 'words', words: optionsLeft(line) }, current);
  const verbs = line.command.createHelp().visibleCommands(line.command);
  if (verbs.length > 0) {
    const known = verbs.map((verb) => ({ value: verb.name(), about: verb.description() }));
    return offer({ kind: 'words', words: line.operands.length === 0 ? known : [] }, current);
  }
  const { registeredArguments: all } = line.command;
  const argument = all[line.operands.length] ?? (all.at(-1)?.variadic === true ? all.at(-1) : undefined);
  if (argument === undefined) return { kind: 'words', words: [] };
  return offer(await valuesAt(argument, line, valuesOf), current);
}

/** The placeholder of an option or argument: `suite` of `--suite <suite>`. */
export function placeholderOf(item: Option | Argument): string | undefined {
  if (!('flags' in item)) return item.name();
  return /[<[]([^\]>.]+)/.exec(item.flags)?.[1];
}

interface Line extends Typed {
  readonly command: Command;
  readonly seen: ReadonlySet<Option>;
  /** An option whose value is the next word. */
  readonly pending: Option | undefined;
  /** After `--`: no further word is an option. */
  readonly plain: boolean;
}

function readWords(program: Command, words: readonly string[]): Line {
  let command = program;
  let pending: Option | undefined;
  let plain = false;
  const seen = new Set<Option>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (const word of words) {
    if (pending !== undefined) {
      values.set(pending.long ?? '', word);
      pending = undefined;
    } else if (!plain && word === '--') {
      plain = true;
    } else if (!plain && word.startsWith('-')) {
      const [, name = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      const option = optionOf(command, name);
      if (option === undefined) continue;
      seen.add(option);
      if (value !== undefined) values.set(name, value);
      else if (option.required) pending = option;
    } else {
      const verb: Command | undefined =
        operands.length > 0 ? undefined : command.commands.find((one) => one.name() === word);
      if (verb === undefined) operands.push(word);
      else command = verb;
    }
  }
  const option = (long: string): string | undefined => {
    const preset: unknown = optionOf(command, long)?.defaultValue;
    return values.get(long) ?? (typeof preset === 'string' ? preset : undefined);
  };
  return { command, seen, pending, plain, operands, option };
}

function optionOf(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => long === name || short === name);
}

/** Options that were not given yet, and those that collect several values. */
function optionsLeft({ command, seen }: Line): Candidate[] {
  const options = command.createHelp().visibleOptions(command);
  const again = ({ defaultValue }: Option): boolean => typeof defaultValue === 'object';
  return options.flatMap((option) =>
    option.long === undefined || (seen.has(option) && !again(option))
      ? []
      : [{ value: option.long, about: option.description }],
  );
}

async function valuesAt(item: Option | Argument, typed: Typed, valuesOf: ValuesOf): Promise<Completion> {
  if (item.argChoices !== undefined) return { kind: 'words', words: item.argChoices.map((value) => ({ value })) };
  const placeholder = placeholderOf(item) ?? '';
  if (placeholder === 'file' || placeholder === 'files') return { kind: 'file' };
  if (placeholder === 'folder') return { kind: 'folder' };
  return { kind: 'words', words: (await valuesOf(placeholder, typed)) ?? [] };
}

function offer(completion: Completion, current: string, before = ''): Completion {
  if (completion.kind !== 'words') return completion;
  const fitting = completion.words.filter(({ value }) => value.startsWith(current) && SAFE.test(value));
  return { kind: 'words', words: fitting.map((word) => ({ ...word, value: `${before}${word.value}` })) };
}
