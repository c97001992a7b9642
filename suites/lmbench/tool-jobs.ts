import type { Call } from './call.js';
import { pathOf, type Job, type Setting } from './job.js';
import { memoryCalls, ringCalls } from './memory-calls.js';
import { osCalls } from './os-calls.js';

/** The quick profile's longest timing interval, in microseconds: the length that lmbench itself calls short. */
const QUICK_ENOUGH = 50_000;

/** Every call of lmbench's own run of its OS subset, in its order, with the rows of the memory subset at the end. */
export function toolJobs(setting: Setting): Job[] {
  const { installation, profile } = setting;
  const calls = [...osCalls(), ...memoryCalls(), ...ringCalls(profile)];
  return calls
    .filter(
      (call) => pathOf(installation, call.tool) !== undefined && (profile === 'paper' || call.quick !== undefined),
    )
    .map((call) => jobOf(call, setting));
}

/** Every program of lmbench that a trial may run. */
export const toolNames: readonly string[] = [
  ...new Set([...osCalls(), ...memoryCalls(), ...ringCalls('paper')].map((call) => call.tool)),
];

function jobOf(call: Call, { installation, profile, dir }: Setting): Job {
  const path = pathOf(installation, call.tool) ?? call.tool;
  const options = profile === 'quick' && Array.isArray(call.quick) ? (call.quick as readonly string[]) : [];
  const command = [path, ...options, ...call.args] as const;
  const enough = Number(installation.env['ENOUGH']);
  return {
    step: {
      name: call.name,
      phase: 'measure',
      argv: call.server === true ? ['sh', `${dir}/with-server.sh`, ...command] : command,
      ...(profile === 'quick' && enough > QUICK_ENOUGH ? { env: { ENOUGH: String(QUICK_ENOUGH) } } : {}),
      limitSeconds: profile === 'quick' ? 30 : (call.limitSeconds ?? 180),
      onFailure: 'continue',
      yields: call.yields,
    },
    yields: call.yields,
    tool: call.tool,
    reads: {
      format: 'lmbench',
      ...(call.section === undefined ? {} : { section: call.section }),
      ...(call.anyExitCode === undefined ? {} : { anyExitCode: true }),
    },
    ...(call.after === undefined ? {} : { after: call.after }),
  };
}
