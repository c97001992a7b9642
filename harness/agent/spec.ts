import { BenchError } from '../errors.js';
import type { Step } from '../types.js';

/** A step as the agent runs it. What a `keep` step of the prepare phase leaves running is killed after the cleanup. */
export type TrialStep = Step & { readonly keep?: boolean };

/** One trial for the agent of one guest. */
export interface TrialSpec {
  /** Absolute path of a directory in the guest for this trial only; it is created. */
  readonly dir: string;
  readonly steps: readonly TrialStep[];
  /** CPUs to pin the agent and its steps to, as numbered inside the guest; empty: no pinning. */
  readonly cpus: readonly number[];
  /** Absolute. Created at the start, removed at the end. May lie inside `dir`. */
  readonly scratch: string;
  /** Environment of every step, besides `PATH`, `HOME` (the scratch directory) and `LANG=C`. Nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** How long the agent waits for the start instant once it is ready. */
  readonly readyLimitSeconds: number;
  /** The CPU of `cpus` to wait on for the start; its steps may run on all of them. Default: any. */
  readonly home?: number;
  /** Busy-wait in the last 50 us before the start. For an agent that has a CPU to itself. */
  readonly spin: boolean;
  /** Delays the cleanup until `finish`, at most this long: other guests may still measure. Default: no delay. */
  readonly holdSeconds?: number;
  /** Limit of each output stream of a step, which is killed when it writes more. Default 8 MiB. */
  readonly outputLimitBytes?: number;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The bytes of `DIR/spec`, in the format of `spec.c`. Throws a `BenchError` of stage `launch` on values that it cannot hold. */
export function specBytes(spec: TrialSpec): Uint8Array {
  checkPath('dir', spec.dir);
  checkPath('scratch', spec.scratch);
  const tokens = [
    'bench-spec=1',
    ...spec.cpus.map((cpu) => `cpu=${whole('a CPU', cpu)}`),
    `ready=${milliseconds('readyLimitSeconds', spec.readyLimitSeconds)}`,
    `scratch=${spec.scratch}`,
    ...(spec.outputLimitBytes === undefined ? [] : [`output=${whole('outputLimitBytes', spec.outputLimitBytes)}`]),
    ...(spec.home === undefined ? [] : [`home=${whole('a CPU', spec.home)}`]),
    `spin=${spec.spin ? 1 : 0}`,
    ...(spec.holdSeconds === undefined ? [] : [`hold=${milliseconds('holdSeconds', spec.holdSeconds)}`]),
    ...spec.steps.flatMap((step) => stepTokens(step, { PATH, HOME: spec.scratch, LANG: 'C', ...spec.env })),
    'end=',
  ];
  const nul = tokens.find((token) => token.includes('\0'));
  if (nul !== undefined) throw refusal(`a NUL byte in ${JSON.stringify(nul.slice(0, 60))}`, 'text without NUL bytes');
  const names = spec.steps.map((step) => step.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refusal(`two steps are named ${twice}`, 'a name for each step');
  return new TextEncoder().encode(tokens.map((token) => `${token}\0`).join(''));
}

/** The file with the standard input of a step, relative to the trial's directory. */
export function stdinFile(step: Step): string {
  return `${step.name}.in`;
}

function stepTokens(step: TrialStep, base: Readonly<Record<string, string>>): string[] {
  if (!/^[a-z0-9-]{1,64}$/.test(step.name)) {
    throw refusal(`step name ${JSON.stringify(step.name)}`, 'up to 64 lower-case letters, digits and dashes');
  }
  const env = Object.entries({ ...base, ...step.env });
  const odd = env.find(([name]) => name === '' || name.includes('='));
  if (odd !== undefined) throw refusal(`environment name ${JSON.stringify(odd[0])} of step ${step.name}`, 'no = in it');
  return [
    `step=${step.name}`,
    `phase=${step.phase}`,
    `limit=${milliseconds(`limitSeconds of step ${step.name}`, step.limitSeconds)}`,
    `onFailure=${step.onFailure ?? 'abort'}`,
    ...(step.keep === true ? ['keep=1'] : []),
    ...(step.cwd === undefined ? [] : [`cwd=${step.cwd}`]),
    ...(step.stdin === undefined ? [] : [`stdin=${stdinFile(step)}`]),
    ...env.map(([name, value]) => `env=${name}=${value}`),
    ...step.argv.map((argument) => `arg=${argument}`),
  ];
}

function milliseconds(what: string, seconds: number): number {
  const ms = Math.ceil(seconds * 1000);
  if (!Number.isFinite(ms) || ms <= 0 || ms > 1e12) throw refusal(`${what} ${seconds}`, 'more than 0 seconds');
  return ms;
}

function whole(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw refusal(`${what} ${value}`, 'a whole number');
  return value;
}

function checkPath(what: string, path: string): void {
  const plain = path.startsWith('/') && !path.endsWith('/') && !/\/(\.{0,2})(\/|$)/.test(path);
  if (!plain || path.split('/').length < 3) {
    throw refusal(`${what} ${JSON.stringify(path)}`, 'an absolute, normalized path at least two levels deep');
  }
}

function refusal(found: string, expected: string): BenchError {
  return new BenchError({ stage: 'launch', message: 'this trial cannot be described to the agent', expected, found });
}
