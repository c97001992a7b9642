import type { Executor, Guest } from '../../harness/types.js';

/** An endless loop. */
export const LOOP = ['sh', '-c', 'while :; do :; done'] as const;

/** Burns CPU time in the guest and returns how much it was by the shell: two lines of times(1), itself and children. */
export async function burn(executor: Executor, cpu: number, rounds: number): Promise<number> {
  const script = 'i=0; while [ $i -lt $1 ]; do i=$((i+1)); done; times';
  const text = await print(executor, ['taskset', '-c', String(cpu), 'sh', '-c', script, 'sh', String(rounds)]);
  const times = [...text.matchAll(/(\d+)m(\d+\.\d+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

/** The share of a CPU that an endless loop gets in a guest, by the kernel's own clocks there. */
export async function shareOf(guest: Guest, seconds: number): Promise<number> {
  const script = 'timeout "$1" sh -c "while :; do :; done"; times';
  const text = await print(guest.executor, ['sh', '-c', script, 'sh', String(seconds)]);
  const times = [...text.matchAll(/(\d+)m(\d+\.\d+)s/g)].map(
    ([, minutes, part]) => 60 * Number(minutes) + Number(part),
  );
  return times.reduce((sum, time) => sum + time, 0) / seconds;
}

/** What a command prints, without its last line break. */
export async function print(executor: Executor, argv: readonly [string, ...string[]]): Promise<string> {
  return (await executor.exec({ argv })).stdout.trim();
}

/** Whether a path exists in a guest. */
export async function sees(guest: Guest | undefined, path: string): Promise<boolean> {
  const result = await guest?.executor.exec({ argv: ['test', '-e', path] });
  return result?.exit.kind === 'code' && result.exit.code === 0;
}

/** Whether a process of the guest has these words; ps(1) is not the same everywhere. */
export async function runs(executor: Executor, ...words: readonly string[]): Promise<boolean> {
  return (await print(executor, ['sh', '-c', 'cat /proc/[0-9]*/cmdline'])).includes(`\0${words.join('\0')}\0`);
}

/** Waits for something that will be so; the test's own time limit ends the wait. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
