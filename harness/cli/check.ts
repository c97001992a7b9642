import { EXIT, describeProblem } from '../errors.js';
import type { InForceFor } from '../host/controls/state.js';
import { checkTargets, type HostCheck } from '../run/check.js';
import type { Finding, Json } from '../types.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { readHosts, chosenTargets, type TargetChoice } from './plan-request.js';
import { makeWorld } from './world.js';

export interface CheckOptions extends TargetChoice {
  readonly json: boolean;
}

/** `bench check`: facts of the hosts and the findings of each target. 1 when a finding differs, 3 when a host cannot be used. */
export async function check({ printer }: Context, options: CheckOptions): Promise<number> {
  const config = await readHosts(options.hosts);
  const targets = chosenTargets(options, config);
  const checks = await checkTargets(await makeWorld(), { hosts: config.hosts, targets });
  if (options.json) printer.out(jsonText(checks));
  else for (const each of checks) printer.out(describeCheck(each));
  if (checks.some(({ problem, workDir }) => problem !== undefined || workDir !== undefined)) return EXIT.unreachable;
  const findings = checks.flatMap((each) => each.targets.flatMap((target) => target.findings));
  return findings.some(({ verdict }) => verdict === 'differs') ? EXIT.failed : EXIT.done;
}

function describeCheck({ host, problem, sharesKernel, facts, controls, workDir, targets }: HostCheck): string {
  if (problem !== undefined) return alignColumns([[`host ${host}: cannot be used: ${describeProblem(problem)}`]]);
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  const parts = [
    `host ${host}${sharesKernel === true ? ', which is the machine that runs bench or a part of it' : ''}\n`,
    alignColumns(known.map(([name, value]) => [`  ${name}`, describeFact(value)])),
    ...(workDir === undefined ? [] : [alignColumns([[`host ${host}: ${describeProblem(workDir.problem)}`]])]),
    ...(controls === undefined ? [] : [describeControls(host, controls)]),
    ...targets.map(({ target, findings }) => `target ${target} on ${host}\n${describeFindings(findings)}`),
  ];
  return `${parts.join('')}\n`;
}

function describeControls(host: string, controls: NonNullable<HostCheck['controls']>): string {
  if ('problem' in controls) return alignColumns([[`controls of ${host}: ${describeProblem(controls.problem)}`]]);
  const { states, inForce } = controls;
  const rows = states.map(({ control, now, original, wanted, met, why }) => {
    const was = original === undefined ? [] : [`was ${original}`];
    const to = wanted === undefined ? [] : [met === true ? `as requested: ${wanted}` : `requested: ${wanted}`];
    return [`  ${control}`, now ?? 'not available', [...was, ...to, ...(why === undefined ? [] : [why])].join('; ')];
  });
  return `controls of ${host}${inForce === undefined ? '' : `, ${describeInForce(inForce)}`}\n${alignColumns(rows)}`;
}

function describeInForce({ run, who, since, restarted }: InForceFor): string {
  const whose = `run ${run} of ${who} since ${since}`;
  if (restarted) return `set for ${whose}, before the host restarted`;
  return `set for ${whose}; \`bench restore\` restores the original values if the run has ended`;
}

function describeFact(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** One line for each finding; `ok` if the target is as requested. */
export function describeFindings(findings: readonly Finding[]): string {
  return alignColumns(
    findings.map(({ check: what, expected, found, verdict, hint }) => [
      `  ${verdict}`,
      what,
      verdict === 'ok' ? found : `expected ${expected}, found ${found}${hint === undefined ? '' : `; ${hint}`}`,
    ]),
  );
}
