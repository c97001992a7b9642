import type { Command } from 'commander';
import type { Context } from '../context.js';
import type { ListOptions } from '../list.js';
import { LIST_NAMES } from '../lists.js';
import { addVerb, examples, hostsOption, jsonOption, type Done } from './options.js';

/** `list` and `schema`. */
export function addReferenceVerbs(program: Command, context: Context, done: Done): void {
  addVerb(program, 'list', `List ${eitherOf(LIST_NAMES)}.`)
    .argument('[what]', `${eitherOf(LIST_NAMES)} [default: the names of these lists]`)
    .addOption(hostsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('bench list targets --hosts hosts.lab.json'))
    .action(async (what: string | undefined, options: ListOptions) =>
      done(await (await import('../list.js')).list(context, options, what)),
    );
  addVerb(program, 'schema', 'Print the JSON Schema of hosts files or of reports.')
    .argument('[what]', 'hosts or report', 'hosts')
    .addHelpText('after', examples('bench schema report'))
    .action(async (what: string) => done(await (await import('../schema.js')).schema(context, what)));
}

/** `hosts, runs or gates`. */
function eitherOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
