import { Argument, type Command } from 'commander';
import { SHELLS } from '../completion/shells.js';
import type { Context } from '../context.js';
import type { ListOptions } from '../list.js';
import { LIST_NAMES, SCHEMAS } from '../lists.js';
import { addVerb, examples, hostsOption, jsonOption, type Done } from './options.js';

/** `list`, `schema` and `completion`. */
export function addReferenceVerbs(program: Command, context: Context, done: Done): void {
  addVerb(program, 'list', `List ${eitherOf(LIST_NAMES)}.`)
    .addArgument(oneOf('[what]', 'A list. [default: the names of these lists]', LIST_NAMES))
    .addOption(hostsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('bench list targets --hosts hosts.lab.json'))
    .action(async (what: string | undefined, options: ListOptions) =>
      done(await (await import('../list.js')).list(context, options, what)),
    );
  addVerb(program, 'schema', 'Print the JSON Schema of hosts files, of reports or of thresholds.')
    .addArgument(oneOf('[what]', 'What the schema describes.', SCHEMAS).default(SCHEMAS[0]))
    .addHelpText('after', examples('bench schema report'))
    .action(async (what: string) => done(await (await import('../schema.js')).schema(context, what)));
  addVerb(program, 'completion', 'Print a script that completes commands in a shell.')
    .addArgument(oneOf('<shell>', 'The shell. The script states where to keep it.', SHELLS))
    .addHelpText('after', examples('bench completion fish > ~/.config/fish/completions/bench.fish'))
    .action(async (shell: string) => done(await (await import('../completion/index.js')).completion(context, shell)));
  program
    .command('__complete', { hidden: true })
    .argument('<shell>')
    .argument('[words...]')
    .action(async (shell: string, words: string[]) =>
      done(await (await import('../completion/index.js')).completeWords(context, program, shell, words)),
    );
}

/** An argument with its possible values. The verb itself refuses others, and suggests the nearest. */
function oneOf(flags: string, about: string, values: readonly string[]): Argument {
  const argument = new Argument(flags, about);
  argument.argChoices = [...values];
  return argument;
}

/** `hosts, runs or gates`. */
function eitherOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
