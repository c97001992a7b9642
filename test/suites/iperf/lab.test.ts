import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorld } from '../../../harness/cli/world.js';
import { loadConfig, type Config } from '../../../harness/config/load.js';
import { connect } from '../../../harness/connect/index.js';
import { labDown, labUp } from '../../../harness/lab/index.js';
import type { RunEvent } from '../../../harness/run/session/events.js';
import { execute } from '../../../harness/run/execute.js';
import { makePlan } from '../../../harness/run/plan/plan.js';
import type { World } from '../../../harness/run/session/world.js';
import { loadRun } from '../../../harness/store/index.js';
import type { LoadedRun, Reading, Suite } from '../../../harness/types.js';
import { iperf, iperfCpu } from '../../../suites/iperf/index.js';
import { seconds } from '../../../suites/iperf/sizes.js';
import { iperf3 } from '../../../suites/iperf3/index.js';
import { seconds as seconds3 } from '../../../suites/iperf3/steps.js';
import { whyNoLab } from '../../lab/traces.js';

const reason = whyNoLab();
const lab = { name: `iperf-${process.pid}`, report: (): void => undefined };

describe.skipIf(reason !== undefined)(
  `suites of the network in a lab${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-iperf-'));
    let world: World;
    let config: Config;
    beforeAll(async () => {
      // A transfer uses all of two CPUs: this is about what it passes through, not about its rate.
      for (const each of [seconds, seconds3]) Object.assign(each, { quick: 1 });
      await labUp({ ...lab, directory: folder });
      config = await loadConfig(join(folder, 'hosts.lab.json'));
      world = await makeWorld();
    }, 600_000);
    afterAll(async () => {
      await labDown(lab);
      rmSync(folder, { recursive: true, force: true });
    });

    async function run(
      suites: readonly Suite[],
      ids: readonly string[],
    ): Promise<{ events: RunEvent[]; run: LoadedRun }> {
      const targets = [...config.targets.values()].filter(({ id }) => ids.includes(id));
      const plan = makePlan({ seed: 1, profile: 'quick', suites, targets, trials: 1 });
      const events: RunEvent[] = [];
      const options = {
        hosts: config.hosts,
        plan,
        runsDir: join(folder, 'runs'),
        signal: new AbortController().signal,
      };
      const own = { ...world, suites: new Map(suites.map((suite) => [suite.id, suite])) };
      await execute(own, options, (event) => events.push(event));
      const opened = events.find(({ kind }) => kind === 'opened') as { run: string } | undefined;
      return { events, run: await loadRun(options.runsDir, opened?.run ?? '') };
    }

    it('measure natively and in a container, which reach the peer', async () => {
      const { events, run: loaded } = await run([iperf, iperfCpu, iperf3], ['linux-up', 'lxc-up']);
      const outcomes = loaded.records.map(({ outcome }) => outcome);
      expect(outcomes.filter(({ status }) => status !== 'collected')).toEqual([]);
      expect(outcomes).toHaveLength(6);
      const readings = events.flatMap((event): readonly Reading[] =>
        event.kind === 'trial-ended' ? event.readings : [],
      );
      expect(readings.filter((reading) => 'missing' in reading)).toEqual([]);
      expect(readings).toHaveLength(2 * (1 + 3 + 4));
      for (const reading of readings) if ('value' in reading) expect(reading.value).toBeGreaterThanOrEqual(0);
      const kinds = readings.flatMap((reading) =>
        'clock' in reading ? [`${reading.metric}: ${reading.clock.kind}`] : [],
      );
      expect(kinds.sort()).toEqual([
        ...Array.from({ length: 2 }, () => 'receiver-cpu-ticks: machine-ticks'),
        ...Array.from({ length: 2 }, () => 'receiver-cpu: cgroup'),
      ]);
      for (const { installation } of loaded.records) {
        expect(installation?.data['network']).toMatchObject({
          congestionControl: expect.stringMatching(/^[a-z]/) as string,
          interfaces: expect.arrayContaining([expect.objectContaining({ name: 'eth0', mtuBytes: 1500 })]) as object,
        });
      }
    });

    it('fail a trial whose connection is refused, with the message of the tool', async () => {
      // The peer listens, and the guest asks another port.
      const elsewhere = (suite: Suite): Suite => ({
        ...suite,
        steps: (context) =>
          suite.steps(context).map((step) => {
            const [first, ...rest] = step.argv;
            return { ...step, argv: [first, ...rest.map((word) => (/^5[02]01$/.test(word) ? '5999' : word))] };
          }),
      });
      const { run: loaded } = await run([elsewhere(iperf), elsewhere(iperf3)], ['linux-up']);
      const problems = loaded.records.map(({ benchmark: suite, outcome }) => [
        suite,
        outcome.status === 'failed' ? outcome.problem.message : outcome.status,
      ]);
      expect(Object.fromEntries(problems)).toEqual({
        iperf: expect.stringMatching(/step receive exited with 1: tcp connect failed: Connection refused/) as string,
        iperf3: expect.stringMatching(
          /step receive exited with 1: unable to connect to server: Connection refused/,
        ) as string,
      });
    });

    it('leave no server on the peer, and a guest that cannot change the network it shares', async () => {
      const peer = config.hosts.get('peer');
      if (peer === undefined) throw new Error('the lab has no peer');
      const connection = await connect(peer);
      const { stdout } = await connection.exec({
        argv: ['sh', '-c', 'cat /proc/[0-9]*/comm; find /var/lib/bench -name "*.peer"'],
      });
      await connection.close();
      expect(stdout).not.toMatch(/^iperf|\.peer$/m);
      await inContainer(async (exec) => {
        expect(await exec('cat /sys/class/net/eth0/mtu')).toBe('1500');
        expect(await exec('ip link set eth0 mtu 1400 2>&1 || echo refused')).toMatch(/not permitted[^]*refused/);
        expect(await exec('echo 1 2>&1 >/proc/sys/net/ipv4/ip_forward || echo refused')).toMatch(/refused/);
      });
    });

    /** With a guest of the target lxc-up. */
    async function inContainer(body: (exec: (script: string) => Promise<string>) => Promise<void>): Promise<void> {
      const target = config.targets.get('lxc-up');
      const alpha = config.hosts.get('alpha');
      const lxc = world.platforms.get('lxc');
      if (target === undefined || alpha === undefined || lxc === undefined) throw new Error('the lab has no lxc-up');
      const executor = await connect(alpha);
      const host = { id: 'alpha', config: alpha, executor, workDir: '/var/lib/bench' };
      const guest = await lxc.start(host, { name: 'bench-shared-network', target });
      try {
        await body(async (script) => (await guest.executor.exec({ argv: ['sh', '-c', script] })).stdout.trim());
      } finally {
        await guest.stop();
        await lxc.reap(host);
        await executor.close();
      }
    }
  },
);
