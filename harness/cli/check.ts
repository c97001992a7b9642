import { EXIT, describeProblem } from '../errors.js';
import { checkTargets, type HostCheck } from '../run/check.js';
import type { Finding, Json } from '../types.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { readHosts, targetsOf, type TargetChoice } from './plan-request.js';
import { makeWorld } from './world.js';

export interface CheckOptions extends TargetChoice {
  readonly json: boolean;
}

/** `bench check`: facts of the hosts and the findings of each target; 1 when a finding differs, 3 for a lost host. */
export async function check({ printer }: Context, options: CheckOptions): Promise<number> {
  const config = await readHosts(options.hosts);
  const { targets, leftOut } = targetsOf(options, config);
  for (const what of leftOut) printer.line(`left out: ${what}`);
  const checks = await checkTargets(await makeWorld(), { hosts: config.hosts, targets });
  if (options.json) printer.out(jsonText(checks));
  else for (const each of checks) printer.out(describeCheck(each));
  if (checks.some(({ problem }) => problem !== undefined)) return EXIT.unreachable;
  const findings = checks.flatMap((each) => each.targets.flatMap((target) => target.findings));
  return findings.some(({ verdict }) => verdict === 'differs') ? EXIT.failed : EXIT.done;
}

function describeCheck({ host, problem, facts, targets }: HostCheck): string {
  if (problem !== undefined) return alignColumns([[`host ${host}: cannot be used: ${describeProblem(problem)}`]]);
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  const parts = [
    `host ${host}\n`,
    alignColumns(known.map(([name, value]) => [`  ${name}`, describeFact(value)])),
    ...targets.map(({ target, findings }) => `target ${target} on ${host}\n${describeFindings(findings)}`),
  ];
  return `${parts.join('')}\n`;
}

function describeFact(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** One line a finding; all that is asked for is `ok`. */
export function describeFindings(findings: readonly Finding[]): string {
  return alignColumns(
    findings.map(({ check: what, expected, found, verdict, hint }) => [
      `  ${verdict}`,
      what,
      verdict === 'ok' ? found : `expected ${expected}, found ${found}${hint === undefined ? '' : `; ${hint}`}`,
    ]),
  );
}
