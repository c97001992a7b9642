import { EXIT } from '../errors.js';
import { describeLab, labDown, labStatus, labUp, readExtras } from '../lab/index.js';
import { jsonText } from './columns.js';
import type { CommonOptions, Context } from './context.js';

export interface LabOptions extends CommonOptions {
  readonly name: string;
  /** Of `up`. */
  readonly host?: readonly string[];
  /** Of `up`. */
  readonly directory?: string;
  /** Of `up`. */
  readonly with?: readonly string[];
  /** Of `down`. */
  readonly purge?: boolean;
  /** Of `status`. */
  readonly json?: boolean;
}

/** `bench lab up|down|status`. `status` is 1 when the lab is not up. */
export async function lab(
  { printer }: Context,
  options: LabOptions,
  action: 'up' | 'down' | 'status',
): Promise<number> {
  const { name, host = [], directory = '.', purge = false, with: added = [] } = options;
  const report = (line: string): void => printer.line(line);
  if (action === 'down') {
    await labDown({ name, purge, report });
    return EXIT.done;
  }
  const extras = readExtras(added);
  const made =
    action === 'up' ? { name, directory, extras, report, ...(host.length === 0 ? {} : { hosts: host }) } : undefined;
  const status = made === undefined ? await labStatus({ name }) : await labUp(made);
  if (options.json === true) printer.out(jsonText(status));
  else for (const line of describeLab(status)) printer.out(`${line}\n`);
  return action === 'up' || status.up ? EXIT.done : EXIT.failed;
}
