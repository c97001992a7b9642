import { BenchError } from '../errors.js';

/** Throws a `BenchError` of stage `prepare` where this process is not root. */
export function needRoot(verb: string, message = `\`bench ${verb}\` makes namespaces, mounts and cgroups`): void {
  if (process.getuid?.() === 0) return;
  throw new BenchError({
    stage: 'prepare',
    message,
    expected: 'root',
    found: `user id ${process.getuid?.() ?? 'unknown'}`,
    hint: `run it as root: sudo bench ${verb}; without root, use a host with "local" and the platform native`,
  });
}
