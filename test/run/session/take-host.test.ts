import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { awaitReady, launch, release } from '../../../harness/agent/client.js';
import { connectLocal } from '../../../harness/connect/local.js';
import { livingAgents } from '../../../harness/host/agents.js';
import { thisProcess } from '../../../harness/process-identity.js';
import { takeHost, type Taking } from '../../../harness/run/session/take-host.js';
import { plantAgent } from '../../agent/compiled.js';
import { killIfRunning } from '../../processes.js';
import { processesUnder } from '../process-list.js';

// Agents that a process which is gone left measuring on this machine.

const here = connectLocal();
let built: string;
let agent: string;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'bench-take-agent-'));
  agent = (await plantAgent(built)).path;
});
afterAll(() => rm(built, { recursive: true, force: true }));

let workDir: string;
let notices: string[];
beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'bench-take-'));
  notices = [];
});
afterEach(async () => {
  for (const { pid } of processesUnder(workDir)) killIfRunning(pid);
  await rm(workDir, { recursive: true, force: true });
});

/** Starts an agent that measures for so many seconds, and may do so for `limitSeconds`. */
async function measure(run: string, trial: string, seconds: number, limitSeconds: number): Promise<string> {
  const dir = `${workDir}/native/trials/${run}/${trial}`;
  const argv = ['sh', '-c', `sleep ${seconds}; sleep 0.1; true`] as const;
  const steps = [{ name: 'answer', phase: 'measure', argv, limitSeconds } as const];
  await launch(here, agent, { dir, scratch: `${dir}/s`, cpus: [], env: {}, steps, readyLimitSeconds: 60, spin: false });
  await awaitReady(here, agent, dir, { limitSeconds: 60, reconnectSeconds: 0 });
  await release(here, agent, dir, 0);
  return dir;
}

const take = async (more: Partial<Taking> = {}): ReturnType<typeof takeHost> =>
  takeHost(
    { id: 'alpha', executor: here, workDir },
    {
      operator: { who: 'ada@desk', machine: 'desk', ...(await thisProcess()) },
      run: 'run-2',
      leaseSeconds: 60,
      breakLock: false,
      notice: (what) => notices.push(what),
      ...more,
    },
  );

/** Command lines of what runs under the work directory, without those of this test. */
const running = (): string[] => processesUnder(workDir).map(({ words }) => words.join(' '));
const agents = async (): Promise<string[]> =>
  (await livingAgents(here)).filter(({ dir }) => dir.startsWith(workDir)).map(({ run, trial }) => `${run} ${trial}`);

describe('taking a host on which an agent lives', () => {
  it('lists the agent once, with its run, its trial and how long it may live', async () => {
    const dir = await measure('run-1', 't0003.2', 30, 100);
    const found = (await livingAgents(here)).filter((each) => each.dir === dir);
    expect(found).toEqual([expect.objectContaining({ run: 'run-1', trial: 't0003.2', inGuest: false })]);
    expect(found[0]?.secondsLeft).toBeGreaterThan(100);
    expect(found[0]?.secondsLeft).toBeLessThanOrEqual(160);
  });

  it('waits until one of another run has ended, with a notice', async () => {
    await measure('run-1', 't0003.1', 3, 20);
    const lock = await take();
    expect(await agents()).toEqual([]);
    expect(notices).toEqual([
      expect.stringMatching(
        /^host alpha: waiting for the agent \(process \d+\) of trial t0003\.1, run run-1, at most \d+ s$/,
      ),
    ]);
    await lock.release();
  });

  it('refuses when it may live for long, naming it, and leaves it and no lock', async () => {
    await measure('run-1', 't0003.1', 30, 7200);
    await expect(take()).rejects.toThrow(
      /stage lock: local still measures: the agent \(process \d+\) of trial t0003\.1, run run-1 .*--break-lock/,
    );
    expect(await agents()).toEqual(['run-1 t0003.1']);
    await expect(take()).rejects.toThrow('still measures');
  });

  it('ends it and its workload with breakLock', async () => {
    await measure('run-1', 't0003.1', 61, 7200);
    await expect.poll(() => running().some((line) => line.startsWith('sleep 61'))).toBe(true);
    const lock = await take({ breakLock: true });
    await expect.poll(running, { timeout: 10_000 }).toEqual([]);
    expect(notices).toEqual([
      expect.stringMatching(/^host alpha: ended the agent .* run run-1, which was left there$/),
    ]);
    await lock.release();
  });

  it('ends it when its guard was killed before', async () => {
    await measure('run-1', 't0003.1', 61, 7200);
    const [living] = (await livingAgents(here)).filter(({ dir }) => dir.startsWith(workDir));
    const guards = processesUnder(workDir).filter(({ pid, words }) => words[1] === 'run' && pid !== living?.pid);
    expect(guards).toHaveLength(1);
    for (const { pid } of guards) killIfRunning(pid);
    const lock = await take({ breakLock: true });
    await expect.poll(running, { timeout: 10_000 }).toEqual([]);
    await lock.release();
  });

  it('leaves one of the run that is pending, and ends one that is not', async () => {
    await measure('run-2', 't0001.1', 30, 7200);
    await measure('run-2', 't0002.1', 30, 7200);
    const lock = await take({ resumes: true, pending: () => ['t0002.1'] });
    expect(await agents()).toEqual(['run-2 t0002.1']);
    expect(notices).toEqual([expect.stringMatching(/ended the agent .* of trial t0001\.1, run run-2/)]);
    await lock.release();
  });
});
