import type { Step, StepContext } from '../../harness/types.js';
import { HELLO_STEP } from './call.js';
import { pathOf, PROBE_CHILD, type Job, type Setting } from './job.js';
import { probeJobs } from './probe-jobs.js';
import { toolJobs } from './tool-jobs.js';

/**
 * Pure: the measurements of a trial. lmbench's own tools where the guest has them, the project's probes for the rest. A
 * metric comes from the same program in every profile: what the quick one leaves out is not filled in by probes.
 */
export function jobsOf(setting: Setting): Job[] {
  const covered = new Set(toolJobs({ ...setting, profile: 'paper' }).flatMap(({ yields }) => yields));
  return [...toolJobs(setting), ...probeJobs(setting, covered)];
}

/** Pure: what a trial runs, with the files that it needs made first and what it leaves outside its scratch removed. */
export function steps(context: StepContext): Step[] {
  const setting = { profile: context.profile, installation: context.installation, dir: context.dir };
  const jobs = jobsOf(setting);
  const files: Step = {
    name: 'files',
    phase: 'prepare',
    argv: ['sh', `${context.dir}/make-files.sh`],
    limitSeconds: 600,
  };
  const hello = jobs.some(({ after }) => after === HELLO_STEP) ? helloSteps(setting) : [];
  const prepare = hello.filter(({ phase }) => phase === 'prepare');
  const cleanup = hello.filter(({ phase }) => phase === 'cleanup');
  return [files, ...prepare, ...jobs.map(({ step }) => step), ...cleanup];
}

function helloSteps({ installation, dir }: Setting): Step[] {
  // The tools' own program, or one that does the same where only the tools were installed.
  const program = pathOf(installation, 'hello') ?? pathOf(installation, PROBE_CHILD);
  if (program === undefined) return [];
  return [
    {
      name: HELLO_STEP,
      phase: 'prepare',
      argv: ['sh', `${dir}/place-hello.sh`, program],
      limitSeconds: 30,
      onFailure: 'continue',
    },
    { name: 'remove-hello', phase: 'cleanup', argv: ['rm', '-f', '/tmp/hello'], limitSeconds: 30 },
  ];
}
