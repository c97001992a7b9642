import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { labDown, labStatus, labUp } from '../../harness/lab/index.js';
import { removeAbandonedBuilds } from '../../harness/lab/rootfs.js';
import { compileLab } from '../compiled.js';
import { killIfRunning } from '../processes.js';
import { foreignNamespaces, processesOf, tracesOf, whyNoLab } from './traces.js';

const reason = whyNoLab();
const silent = (): void => undefined;

/** Runs `up` in a process of its own; its last argument is the options as JSON. */
const UP = `
  const [module, options] = process.argv.slice(1);
  const { labUp } = await import(module);
  await labUp({ ...JSON.parse(options), report: (line) => console.log(line) });
  console.log('finished');
`;

describe.skipIf(reason !== undefined)(
  `a lab whose \`up\` was killed${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-lab-crash-'));
    const name = `crash-${process.pid}`;
    let module: string;
    const start = (options: object): ChildProcess => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', UP, module, JSON.stringify(options)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };

    beforeAll(async () => {
      module = compileLab(join(folder, 'compiled'));
      // With the root file system in the cache, `up` takes a second, and the kills below meet all of its steps.
      await labUp({ name, directory: folder, report: silent });
      await labDown({ name, report: silent });
    }, 600_000);
    afterAll(async () => {
      await labDown({ name, report: silent });
      rmSync(folder, { recursive: true });
    });

    it.each([200, 350, 500, 650, 800, 1000])('after %i ms: down removes all of it', async (ms) => {
      const child = start({ name, directory: folder });
      await sleep(ms);
      child.kill('SIGKILL');
      const namespaces = foreignNamespaces(processesOf(`bench-lab.${name}`));
      await labDown({ name, report: silent });
      // What was just being started by the killed process ends by itself when it finds its cgroup gone.
      await expect.poll(() => tracesOf(name, namespaces)).toEqual([]);
      expect(existsSync(join(folder, 'hosts.lab.json'))).toBe(false);
    });

    it.each([400, 700])('after %i ms: the next up succeeds', async (ms) => {
      const child = start({ name, directory: folder });
      await sleep(ms);
      child.kill('SIGKILL');
      const status = await labUp({ name, directory: folder, report: silent });
      expect(status.up).toBe(true);
      const login = spawnSync('ssh', ['-F', status.sshConfig ?? '', 'alpha', 'ping -c 1 -W 5 peer']);
      expect(login.status).toBe(0);
      await labDown({ name, report: silent });
      expect(tracesOf(name)).toEqual([]);
    });

    it('while it builds the root file system: nothing half-made stays, and nothing goes on', async () => {
      const cache = join(folder, 'cache');
      const child = start({ name, directory: folder, cache });
      for await (const chunk of child.stdout ?? []) if (String(chunk).includes('apt-get update')) break;
      const [building] = readdirSync(join(cache, 'rootfs')).filter((entry) => entry.startsWith('building.'));
      expect(building).toBeDefined();
      child.kill('SIGKILL');
      await expect.poll(() => commandsWith(cache)).toEqual([]);
      await labDown({ name, cache, report: silent });
      expect(readdirSync(join(cache, 'rootfs')).filter((entry) => !entry.endsWith('.lock'))).toEqual([]);
      expect(tracesOf(name)).toEqual([]);
      await labDown({ name, cache, purge: true, report: silent });
      expect(existsSync(cache)).toBe(false);
    });

    it('while another builds in a PID namespace of its own, whose process ids mean nothing here: its build stays', async () => {
      const cache = join(folder, 'shared-cache');
      const building = join(cache, 'rootfs', 'building.0123abcd');
      mkdirSync(building, { recursive: true });
      const hold = fileURLToPath(new URL('../../harness/lab/hold-lock.sh', import.meta.url));
      const words = ['sh', hold, join(cache, 'rootfs', '0123abcd.lock'), '1', '60'];
      const owner = spawn('unshare', ['--pid', '--fork', '--kill-child', ...words]);
      try {
        await once(owner.stdout, 'data');
        expect(await removeAbandonedBuilds({ cache })).toEqual([]);
        expect(existsSync(building)).toBe(true);
        owner.kill('SIGKILL');
        await expect.poll(() => removeAbandonedBuilds({ cache })).toEqual([building]);
      } finally {
        owner.kill('SIGKILL');
        rmSync(cache, { recursive: true, force: true });
      }
    });

    it('one host killed, the other and the switch running: status reports it and up repairs it', async () => {
      const status = await labUp({ name, directory: folder, report: silent });
      const peer = status.hosts[1]?.pid;
      // Process id 0 would be the process group of this test.
      if (peer === undefined) throw new Error('the peer has no process');
      killIfRunning(peer);
      const states = async (): Promise<unknown> => {
        const after = await labStatus({ name });
        return [after.up, after.hosts.map(({ state }) => state)];
      };
      await expect.poll(states).toEqual([false, ['on', 'off']]);
      expect((await labUp({ name, directory: folder, report: silent })).up).toBe(true);
      const login = spawnSync('ssh', ['-F', status.sshConfig ?? '', 'alpha', 'ping -c 1 -W 5 peer']);
      expect(login.status).toBe(0);
    });
  },
);

/** Commands running on this machine with this text in their arguments, other than this test's own. */
function commandsWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(text));
}
