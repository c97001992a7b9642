import type { Step, StepContext } from '../../harness/types.js';
import { metrics } from './metrics.js';
import { sizes, type Size } from './sizes.js';

/** Pure: what a trial of a profile runs. */
export function steps(context: StepContext): Step[] {
  return stepsOf(context, sizes[context.profile]);
}

/**
 * Pure: sources into the RAM file system, configured; the build; what it made counted; all of it removed. The name `ram`
 * in the scratch directory is a link to where the sources are.
 */
export function stepsOf({ installation, dir, scratch, cpus }: StepContext, size: Size): Step[] {
  const { archive, part, compiler, make, ram } = installation.data;
  if (typeof archive !== 'string' || typeof part !== 'string' || typeof compiler !== 'string') throw foreign();
  if (typeof make !== 'string' || (typeof ram !== 'string' && ram !== null)) throw foreign();
  const link = `${scratch}/ram`;
  const cwd = `${link}/linux`;
  const compilers = [`CC=${compiler}`, `HOSTCC=${compiler}`];
  const jobs = `-j${2 * cpus.length}`;
  const source = size.sources === 'part' ? [part, `${part}.sha256`] : [archive];
  const configure: Step = {
    name: 'configure',
    phase: 'prepare',
    argv: [make, '-s', ...compilers, 'defconfig'],
    cwd,
    limitSeconds: 600,
  };
  return [
    {
      name: 'unpack',
      phase: 'prepare',
      argv: ['sh', `${dir}/unpack.sh`, ram ?? scratch, String(size.roomKiB), link, ...source],
      limitSeconds: 900,
    },
    ...(size.sources === 'archive' ? [configure] : []),
    {
      name: 'count-before',
      phase: 'prepare',
      argv: ['sh', `${dir}/count.sh`, 'before', ...size.products],
      cwd,
      limitSeconds: 120,
    },
    {
      name: 'compile',
      phase: 'measure',
      argv: ['sh', `${dir}/build.sh`, make, '-s', jobs, ...compilers, ...size.targets],
      cwd,
      limitSeconds: size.limitSeconds,
      yields: Object.keys(metrics),
    },
    {
      name: 'count-after',
      phase: 'cleanup',
      argv: ['sh', `${dir}/count.sh`, 'after', ...size.products],
      cwd,
      limitSeconds: 120,
      onFailure: 'continue',
    },
    { name: 'remove', phase: 'cleanup', argv: ['sh', `${dir}/remove.sh`, link], limitSeconds: 300 },
  ];
}

const foreign = (): Error => new Error('this is not an installation of kernel-compile');
