import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitReady, launch } from '../../harness/agent/client.js';
import { endLivingAgent, livingAgents } from '../../harness/host/agents.js';
import type { Executor } from '../../harness/types.js';
import { here, lives, openBench, shell, spec, useKernel, type Bench } from './fixture.js';

/** The agent's system calls are limited by their numbers on this architecture. */
const title = process.arch === 'x64' ? '' : ' (skipped: not on x86-64)';

/** The tests of the other two files again, where an agent does not adopt orphans and /proc lists no children. */
describe.skipIf(process.arch !== 'x64')(`the agent on Linux 2.6.22${title}`, async () => {
  useKernel('2.6.22');
  await import('./trial.test.js');
  await import('./lifecycle.test.js');

  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.remove());

  it('is ended by the next run with what it started, where /proc lists no children', async () => {
    const trial = spec(bench.trial('found'), [
      shell('server', 'setsid sleep 323 & (setsid sleep 324 & echo $!) ; echo $!', { phase: 'prepare', keep: true }),
    ]);
    await launch(here, bench.agent, trial);
    await awaitReady(here, bench.agent, trial.dir, { limitSeconds: 60, reconnectSeconds: 0 });
    const started = (await readFile(join(trial.dir, 'server.out'), 'utf8')).trim().split('\n').map(Number);
    const agent = (await livingAgents(here)).find(({ dir }) => dir === trial.dir);
    if (agent === undefined) throw new Error('the agent is not listed');
    const hidden: Executor = {
      ...here,
      exec: (command) => {
        const [program, ...words] = command.argv;
        return here.exec({
          ...command,
          argv: [program, ...words.map((word) => word.replaceAll('/children', '/hidden'))],
        });
      },
    };
    await endLivingAgent(hidden, agent);
    expect(started).toHaveLength(2);
    expect(await Promise.all([agent.pid, ...started].map(lives))).toEqual([false, false, false]);
  });
});
