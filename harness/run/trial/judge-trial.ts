import type { AgentResult, AgentStep } from '../../trial/agent-result.js';
import type { RawStep, RawTrial } from '../../types.js';

/** The verdict on a trial from the agent's accounting, before anything is parsed. */
export type Verdict =
  | { readonly status: 'collected' }
  | { readonly status: 'failed'; readonly message: string; readonly hint?: string }
  | { readonly status: 'void'; readonly reason: string };

/**
 * The verdict on a trial. It failed when a required step failed, or when no measuring step succeeded; it is void when it
 * did not run on the CPUs that it was pinned to. One failed measuring step of several leaves its metrics missing and does
 * not fail the trial. `pinned`: CPUs as numbered inside the guest. Pure.
 */
export function judgeTrial(raw: RawTrial & { readonly agent: AgentResult }, pinned: readonly number[]): Verdict {
  const { agent } = raw;
  const failed = raw.steps.filter((step) => step.phase !== 'cleanup' && !succeeded(step));
  const first = failed.find((step) => step.outcome.status !== 'skipped') ?? failed[0];
  if (agent.state === 'abandoned') return { status: 'failed', message: 'no start instant was given in time' };
  if (agent.state === 'aborted' && first !== undefined) return { status: 'failed', ...describeFailure(first, agent) };
  if (agent.error !== null) return { status: 'failed', message: agent.error };
  const measured = raw.steps.filter((step) => step.phase === 'measure');
  if (first !== undefined && !measured.some(succeeded)) return { status: 'failed', ...describeFailure(first, agent) };
  const strayed = strayCpus(agent, pinned);
  if (strayed !== undefined) return { status: 'void', reason: strayed };
  return { status: 'collected' };
}

function succeeded(step: RawStep): boolean {
  return (step.outcome.status === 'exited' && step.outcome.code === 0) || step.outcome.status === 'finished';
}

function describeFailure(step: RawStep, agent: AgentResult): { message: string; hint?: string } {
  const output = lastLine(step.stderr.text) ?? lastLine(step.stdout.text);
  const detail = output === undefined ? '' : `: ${output}`;
  const message = `step ${step.name} ${describeOutcome(step)}${detail}`;
  return agent.diskFull ? { message, hint: 'the disk of the guest is full' } : { message };
}

/** In words, for problems: `exited with 255`. */
export function describeOutcome(step: RawStep): string {
  const { outcome } = step;
  switch (outcome.status) {
    case 'exited':
      return `exited with ${outcome.code}`;
    case 'signaled':
      return `was killed by signal ${outcome.signal}`;
    case 'limit':
      return `did not end within its time limit and was killed after ${Math.round(step.wallSeconds)} s`;
    case 'finished':
      return 'was ended because the other guests were done';
    case 'output':
      return 'wrote more output than the limit and was killed';
    case 'unstarted':
      return `could not be started (${outcome.message})`;
    case 'skipped':
      return 'was skipped because an earlier step failed';
  }
}

/** Names CPUs on which measuring steps ran without being pinned to them; undefined without any. */
function strayCpus(agent: AgentResult, pinned: readonly number[]): string | undefined {
  const seen = new Set(agent.steps.flatMap((step) => (step.phase === 'measure' ? seenCpus(step) : [])));
  const stray = [...seen].filter((cpu) => !pinned.includes(cpu));
  if (stray.length === 0) return undefined;
  return `ran on CPU ${stray.join(', ')}, pinned to ${pinned.join(', ')}`;
}

function seenCpus(step: AgentStep): number[] {
  return [step.cpuFirst, step.cpuLast].filter((cpu): cpu is number => cpu !== null && cpu >= 0);
}

/** The last line with something in it, printable and short enough for a message. */
function lastLine(text: string): string | undefined {
  const line = text
    .split('\n')
    .map((candidate) => candidate.trim())
    .filter((candidate) => candidate !== '')
    .at(-1);
  // Output of a tool is not trusted: control characters could move the cursor of a terminal.
  return line?.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200);
}
