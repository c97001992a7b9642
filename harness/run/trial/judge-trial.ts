import type { AgentResult, AgentStep } from '../../trial/agent-result.js';
import type { RawStep, RawTrial } from '../../types.js';

/** Whether a trial counts by the agent's accounting, before anything is parsed. */
export type Verdict =
  | { readonly status: 'collected' }
  | { readonly status: 'failed'; readonly message: string; readonly hint?: string }
  | { readonly status: 'void'; readonly reason: string };

/**
 * Whether a trial counts. It failed when a step that had to work did not, or when no measuring step worked; it is void
 * when it did not run where it was pinned. A single measuring step that may fail leaves a hole in the results, not a
 * failed trial. `pinned` are CPUs as numbered inside the guest. Pure.
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
      return 'was ended, as the guests beside it were done';
    case 'output':
      return 'wrote more output than is kept and was killed';
    case 'unstarted':
      return `could not be started (${outcome.message})`;
    case 'skipped':
      return 'was skipped because an earlier step failed';
  }
}

/** The CPUs that measuring steps were seen on, against those they were pinned to. */
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
  // Output of a tool is hostile: control characters could move the cursor of whoever reads the message.
  return line?.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200);
}
