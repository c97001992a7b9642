import type { Command } from 'commander';
import type { Context } from '../context.js';
import { repeated } from '../option-values.js';
import type { SiteOptions } from '../site.js';
import { addVerb, examples, type Done } from './options.js';

/** `site`. */
export function addSite(program: Command, context: Context, done: Done): void {
  addVerb(
    program,
    'site',
    'Write a static site of runs into a folder: a page for each run, system and metric. Prints the path.',
  )
    .argument('<folder>', 'Folder of the site: a new or empty one, or that of a site, which is brought up to date.')
    .option('--runs <run>', 'A run. Can be repeated. [default: every run in the folder of the runs]', repeated, [])
    .addHelpText('after', examples('bench site public', 'bench site public --runs latest'))
    .action(async (folder: string, options: SiteOptions) =>
      done(await (await import('../site.js')).site(context, options, folder)),
    );
}
