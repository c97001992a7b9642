import { describeProblem } from '../errors.js';
import { valueAt } from '../config/raw-value.js';
import type { InForceFor } from '../host/controls/state.js';
import type { HostCheck } from '../run/check.js';
import type { Finding } from '../types.js';
import { alignColumns } from './columns.js';
import { counted } from '../../reports/narrative/format.js';

/**
 * The output of `bench check`: first a line for each target, then what differs, then each host in short. `verbose`: every
 * finding, fact and setting. Nothing is cut. Pure.
 */
export function describeChecks(checks: readonly HostCheck[], { verbose }: { readonly verbose: boolean }): string {
  const hosts = checks.filter(({ problem }) => problem === undefined);
  return [
    checks.map(describeVerdicts).join(''),
    ...checks.flatMap(({ targets }) => targets.map((target) => describeTarget(target, verbose))),
    ...hosts.map((host) => (verbose ? describeHost(host) : describeShort(host))),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** One line for a host that cannot be used, one for each target. */
function describeVerdicts({ host, problem, workDir, targets }: HostCheck): string {
  const broken = [...(problem === undefined ? [] : [problem]), ...(workDir === undefined ? [] : [workDir.problem])];
  return [
    ...broken.map((each) => alignColumns([[`host ${host}: cannot be used: ${describeProblem(each)}`]])),
    ...targets.map(({ target, findings }) => alignColumns([[verdictOf(target, host, findings)]])),
  ].join('');
}

function verdictOf(target: string, host: string, findings: readonly Finding[]): string {
  const open = findings.filter(({ verdict }) => verdict !== 'ok');
  const [first] = [...open.filter(({ verdict }) => verdict === 'differs'), ...open];
  const where = `target ${target} on ${host}`;
  if (first === undefined) return `${where}: ok`;
  const head = `${where}: ${first.verdict === 'differs' ? 'differs' : 'ok, but not all can be read'}`;
  if (open.length > 1) return `${head}: ${counted(open.length, 'finding')}, see below`;
  return `${head}: ${first.check}: ${describeFinding(first)}`;
}

/** What one line could not have. */
function describeTarget({ target, findings }: HostCheck['targets'][number], verbose: boolean): string {
  const open = findings.filter(({ verdict }) => verdict !== 'ok');
  if (verbose) return `target ${target}\n${describeFindings(findings)}`;
  return open.length < 2 ? '' : `target ${target}\n${describeFindings(open)}`;
}

/** One line for each finding; `ok` if the target is as requested. */
export function describeFindings(findings: readonly Finding[]): string {
  return alignColumns(findings.map((finding) => [`  ${finding.verdict}`, finding.check, describeFinding(finding)]));
}

function describeFinding({ expected, found, verdict, hint }: Finding): string {
  if (verdict === 'ok') return found;
  return `expected ${expected}, found ${found}${hint === undefined ? '' : `; ${hint}`}`;
}

const headOf = ({ host, sharesKernel }: HostCheck): string =>
  `host ${host}${sharesKernel === true ? ', which is the machine that runs bench or a part of it' : ''}\n`;

function describeShort(check: HostCheck): string {
  const facts = shortFacts(check.facts);
  const lines = [...(facts === '' ? [] : [facts]), ...shortControls(check)];
  return `${headOf(check)}${alignColumns(lines.map((line) => [`  ${line}`]))}  everything: --verbose\n`;
}

/** System, kernel, processor and memory. */
function shortFacts(facts: HostCheck['facts']): string {
  const text = (name: string, member: string): string[] => {
    const value = valueAt(facts, [name, member]);
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  };
  const bytes = valueAt(facts, ['memory', 'totalBytes']);
  return [
    ...text('os', 'name'),
    ...text('kernel', 'release').map((release) => `kernel ${release}`),
    ...text('cpu', 'model'),
    ...text('cpu', 'count').map((count) => `${count} CPUs`),
    ...(typeof bytes === 'number' ? [`${(bytes / 2 ** 30).toFixed(1)} GiB of memory`] : []),
  ].join(', ');
}

/** What a run would change, and what an earlier one has left changed. */
function shortControls({ host, controls }: HostCheck): readonly string[] {
  if (controls === undefined) return [];
  if ('problem' in controls) return [`settings cannot be read: ${describeProblem(controls.problem)}`];
  const { states, inForce } = controls;
  const changes = states.flatMap(({ control, now, wanted, met, why }) =>
    wanted === undefined || met === true
      ? []
      : [`${control} ${now ?? '?'} -> ${wanted}${why === undefined ? '' : ` (${why})`}`],
  );
  const changed = states.filter(({ original }) => original !== undefined).map(({ control }) => control);
  return [
    changes.length === 0 ? 'a run changes no setting' : `a run sets: ${changes.join(', ')}`,
    ...(inForce === undefined ? [] : [`changed now: ${changed.join(', ')}; ${describeInForce(inForce, host)}`]),
  ];
}

function describeHost(check: HostCheck): string {
  const { host, facts, controls } = check;
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  return [
    headOf(check),
    alignColumns(
      known.map(([name, value]) => [`  ${name}`, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
    controls === undefined ? '' : describeControls(host, controls),
  ].join('');
}

function describeControls(host: string, controls: NonNullable<HostCheck['controls']>): string {
  if ('problem' in controls) return alignColumns([[`controls of ${host}: ${describeProblem(controls.problem)}`]]);
  const { states, inForce } = controls;
  const rows = states.map(({ control, now, original, wanted, met, why }) => {
    const was = original === undefined ? [] : [`was ${original}`];
    const to = wanted === undefined ? [] : [met === true ? `as requested: ${wanted}` : `requested: ${wanted}`];
    return [`  ${control}`, now ?? 'not available', [...was, ...to, ...(why === undefined ? [] : [why])].join('; ')];
  });
  return `controls of ${host}${inForce === undefined ? '' : `, ${describeInForce(inForce, host)}`}\n${alignColumns(rows)}`;
}

function describeInForce({ run, who, since, restarted }: InForceFor, host: string): string {
  const whose = `run ${run} of ${who} since ${since}`;
  if (restarted) return `set for ${whose}, before the host restarted`;
  return `set for ${whose}; \`bench restore --host ${host}\` restores the original values if the run has ended`;
}
