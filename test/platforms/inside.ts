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

/**
 * `sh -c LOAD sh SECONDS`: an endless loop under timeout(1), between two readings of the clock that the guest runs by. On a
 * machine that is slow, or under a cap, timeout(1) itself starts and ends late.
 */
const LOAD =
  'read -r began _ </proc/uptime; timeout "$1" sh -c "while :; do :; done"; read -r ended _ </proc/uptime; echo "$began $ended"; times';

/** The share of a CPU that an endless loop gets in a guest, by the kernel's own clocks there. */
export async function shareOf(guest: Guest, seconds: number): Promise<number> {
  return readShare(await print(guest.executor, ['sh', '-c', LOAD, 'sh', String(seconds)]));
}

/** Pure: two instants in seconds, then two lines of times(1), to the CPU time of each second between them. */
export function readShare(text: string): number {
  const [, began, ended] = /^(\d+\.\d+) (\d+\.\d+)$/m.exec(text) ?? [];
  const times = [...text.matchAll(/(\d+)m(\d+\.\d+)s/g)].map(
    ([, minutes, part]) => 60 * Number(minutes) + Number(part),
  );
  if (times.length < 4 || !(Number(ended) > Number(began))) throw new Error(`no times: ${JSON.stringify(text)}`);
  return times.reduce((sum, time) => sum + time, 0) / (Number(ended) - Number(began));
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
