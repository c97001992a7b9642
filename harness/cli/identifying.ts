import { makeRedactor, references, type Identifying, type Report } from '../../reports/index.js';
import type { LoadedRun } from '../types.js';

const NAMED = 5;
/** The plural of each kind; a serial number or a product name of a machine is of kind `machine`. */
const PLURALS: Readonly<Record<Identifying['kind'], string>> = {
  host: 'hosts',
  user: 'users',
  address: 'addresses',
  boot: 'boot ids',
  disk: 'disks',
  interface: 'interfaces',
  machine: 'products',
  firmware: 'firmware',
  process: 'processes of others',
  'kernel option': 'options of kernel command lines',
  'log line': 'lines of kernel logs',
};

/**
 * What a report of these runs has that `--redact` would replace, by kind: `hosts: zeus, mars`. Of each kind all with
 * `verbose`, else the first five. Empty where there is nothing.
 */
export function identifyingLines(runs: readonly LoadedRun[], report: Report, verbose: boolean): readonly string[] {
  const redactor = makeRedactor(runs);
  for (const run of runs) redactor.run(run);
  redactor.report(report);
  const byKind = new Map<Identifying['kind'], string[]>();
  const publications = new Set<string>(references.map(({ id }) => id));
  for (const { kind, name } of redactor.identifying()) {
    // The host of a published system is its publication.
    if (publications.has(name)) continue;
    byKind.set(kind, [...(byKind.get(kind) ?? []), name]);
  }
  return [...byKind].map(([kind, names]) => {
    const shown = verbose ? names : names.slice(0, NAMED);
    const others = names.length - shown.length;
    return `${PLURALS[kind]}: ${shown.join(', ')}${others === 0 ? '' : ` and ${others} more`}`;
  });
}
