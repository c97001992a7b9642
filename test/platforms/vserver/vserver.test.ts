import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyShape } from '../../../harness/host/verify.js';
import { vserver } from '../../../harness/platforms/vserver/index.js';
import type { Guest, GuestSpec, Shape } from '../../../harness/types.js';
import { HOSTILE } from '../../connect/hostile.js';
import { print, sees } from '../inside.js';
import { standInLacks } from '../stand-in.js';
import { KERNELS, standIn, type StandIn } from './standin.js';

const title = `Linux-VServer, through a stand-in${standInLacks === undefined ? '' : ` (skipped: ${String(standInLacks)})`}`;
const ADDRESSES = Array.from({ length: 8 }, (_, index) => `10.0.2.${101 + index}/24`);

describe.skipIf(standInLacks !== undefined).each(KERNELS)(`${title}: %s`, (kernel) => {
  const old = kernel.startsWith('2.6');
  let bed: StandIn;
  let count = 0;

  beforeAll(async () => {
    bed = await standIn(kernel);
  });
  afterAll(() => bed.remove());
  afterEach(async () => {
    expect(await bed.refused()).toEqual([]);
  });

  const specOf = (shape: Partial<Shape> = {}, options: GuestSpec['target']['options'] = {}): GuestSpec => {
    count += 1;
    const target = {
      id: 'vserver-up',
      host: 'here',
      platform: 'vserver' as const,
      shape: { cpus: [0], ...shape },
      options: { rootfs: '/srv/root', addresses: ADDRESSES, ...options },
    };
    return { name: `bench-v-${count}`, target };
  };
  const started = async (shape: Partial<Shape> = {}): Promise<{ guest: Guest; spec: GuestSpec }> => {
    const spec = specOf(shape);
    return { spec, guest: await vserver.start(bed.host, spec) };
  };
  const contextOf = async ({ name }: GuestSpec): Promise<string> =>
    (await readFile(join(bed.root, 'etc/vservers', name, 'context'), 'utf8')).trim();

  describe('a guest', () => {
    let guest: Guest;
    let spec: GuestSpec;
    beforeAll(async () => {
      ({ guest, spec } = await started({ memoryBytes: 2 ** 28, cpuCap: 0.25 }));
    });
    afterAll(() => vserver.reap(bed.host));

    it('was probed with nothing that differs, and shows which scheduler there is', async () => {
      const findings = await vserver.probe(bed.host, spec.target);
      expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
      const scheduler = findings.find(({ check }) => check === 'CPU scheduler');
      expect(scheduler?.found).toBe(old ? 'token buckets' : 'control groups');
    });

    it('takes every argument as it is', async () => {
      const { stdout } = await guest.executor.exec({ argv: ['printf', '%s\\0', ...HOSTILE] });
      expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
    });

    it('takes environment, directory and input, and nothing of the connection', async () => {
      const argv = ['sh', '-c', 'printf "%s|%s|%s|" "$ODD" "$PWD" "$SSH_CLIENT"; cat'] as const;
      const { stdout } = await guest.executor.exec({ argv, env: { ODD: `a 'b' "$c"\n` }, cwd: '/proc', stdin: 'in' });
      expect(stdout).toBe(`a 'b' "$c"\n|/proc||in`);
    });

    it.each([
      ['exit 0', { kind: 'code', code: 0 }],
      ['exit 7', { kind: 'code', code: 7 }],
      ['exit 127', { kind: 'code', code: 127 }],
      ['exit 255', { kind: 'code', code: 255 }],
      ['kill -TERM $$', { kind: 'signal', signal: 'SIGTERM' }],
      ['kill -KILL $$', { kind: 'signal', signal: 'SIGKILL' }],
    ])('reports how %j ended, and adds no output', async (script, exit) => {
      expect(await guest.executor.exec({ argv: ['sh', '-c', script] })).toMatchObject({ exit, stderr: '' });
    });

    it('rejects for a program that does not exist', async () => {
      await expect(guest.executor.exec({ argv: ['/no/such/program'] })).rejects.toThrow(/cannot run/);
    });

    it('keeps the bytes of a file', async () => {
      const content = Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 256);
      const path = `${guest.workDir}/deep/er/${HOSTILE.filter((word) => !word.includes('/')).join('')}`;
      await guest.executor.put({ path, content, mode: 0o755 });
      expect(Buffer.from(await guest.executor.get(path)).equals(content)).toBe(true);
    });

    it('has its shape', async () => {
      const findings = await verifyShape(guest, spec.target.shape);
      expect(findings.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
      const enforced = ['CPU set', 'CPU cap', 'memory limit'].map((name) =>
        findings.find(({ check, verdict }) => check === name && verdict === 'ok'),
      );
      expect(enforced).not.toContain(undefined);
    });

    it('is found again by a later process', async () => {
      const again = await vserver.attach(bed.host, spec);
      expect(again).toMatchObject({ name: spec.name, workDir: guest.workDir });
      expect(await sees(again, `${guest.workDir}/deep`)).toBe(true);
    });

    it("is accounted for in the kernel's own units", async () => {
      const before = await vserver.cpuTime(bed.host, guest);
      const file = old ? `proc/virtual/${await contextOf(spec)}/sched` : `dev/cgroup/${spec.name}/cpuacct.usage`;
      const text = await readFile(join(bed.root, file), 'utf8');
      const more = old ? text.replace(/^cpu 0: 52 27 /m, 'cpu 0: 302 52 ') : String(Number(text) + 1_100_000_000);
      expect(more).not.toBe(text);
      await writeFile(join(bed.root, file), more);
      expect((await vserver.cpuTime(bed.host, guest)).seconds - before.seconds).toBeCloseTo(1.1, 6);
    });
  });

  it('takes weight and reservation where there are token buckets, and reports where there are none', async () => {
    const { guest } = await started({ cpuWeight: 300, cpuReservation: 0.05 });
    const findings = await guest.readBack();
    const verdicts = Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
    expect(verdicts).toEqual({ 'CPU set': 'ok', 'CPU weight': 'ok', 'CPU reservation': old ? 'ok' : 'unavailable' });
    await vserver.reap(bed.host);
  });

  it('starts again with what it kept and with other limits', async () => {
    const { guest, spec } = await started({ cpuCap: 0.25 });
    await guest.executor.put({ path: `${guest.workDir}/kept`, content: 'kept' });
    await guest.executor.put({ path: '/etc/changed', content: 'x' });
    await guest.stop();
    const other = { ...spec, target: { ...spec.target, shape: { cpus: [0], cpuCap: 0.5 } } };
    const again = await vserver.start(bed.host, other);
    expect(await print(again.executor, ['cat', `${again.workDir}/kept`])).toBe('kept');
    expect(await sees(again, '/etc/changed')).toBe(true);
    expect((await again.readBack()).find(({ check }) => check === 'CPU cap')).toMatchObject({ found: '0.5 CPUs' });
    await vserver.reap(bed.host);
  });

  it('is gone after stop, and stopping it twice is no error', async () => {
    const { guest, spec } = await started();
    await guest.stop();
    await guest.stop();
    expect(await vserver.attach(bed.host, spec)).toBeUndefined();
    await expect(guest.executor.exec({ argv: ['true'] })).rejects.toThrow(/is not running/);
    await expect(vserver.cpuTime(bed.host, guest)).rejects.toThrow(/is it running/);
    await vserver.reap(bed.host);
  });

  it('is one of eight at once, with a context and an address of its own; a ninth finds no address', async () => {
    const guests = await Promise.all(Array.from({ length: 8 }, () => started()));
    const read = (file: string) =>
      Promise.all(guests.map(({ spec }) => readFile(join(bed.root, 'etc/vservers', spec.name, file), 'utf8')));
    expect(new Set(await read('context')).size).toBe(8);
    expect(new Set(await read('interfaces/0/ip')).size).toBe(8);
    await expect(started()).rejects.toThrow(/all of 8 addresses are taken/);
    const [first] = guests;
    if (first === undefined) throw new Error('none started');
    const kept = first.spec.name;
    expect(await vserver.reap(bed.host, [kept])).toHaveLength(8);
    expect((await first.guest.executor.exec({ argv: ['true'] })).exit).toEqual({ kind: 'code', code: 0 });
    expect(await vserver.reap(bed.host)).toEqual([kept]);
    expect(await bed.traces()).toEqual([]);
  });

  it('gives its address back when it stops, and takes a free one when it starts again', async () => {
    const guests = await Promise.all(Array.from({ length: 8 }, () => started()));
    await Promise.all(guests.map(({ guest }) => guest.stop()));
    const others = await Promise.all(Array.from({ length: 7 }, () => started()));
    const [first] = guests;
    if (first === undefined) throw new Error('none started');
    const again = await vserver.start(bed.host, first.spec);
    expect((await again.executor.exec({ argv: ['true'] })).exit).toEqual({ kind: 'code', code: 0 });
    const running = [first, ...others].map(({ spec }) => join(bed.root, 'etc/vservers', spec.name, 'interfaces/0/ip'));
    expect(new Set(await Promise.all(running.map((path) => readFile(path, 'utf8')))).size).toBe(8);
    await vserver.reap(bed.host);
    expect(await bed.traces()).toEqual([]);
  });

  it('has its /tmp on its disk, and shared memory that is limited by its memory only', async () => {
    const { guest, spec } = await started();
    const fstab = await readFile(join(bed.root, 'etc/vservers', spec.name, 'fstab'), 'utf8');
    const mounts = fstab
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).slice(1, 4).join(' '));
    expect(mounts).toEqual([
      '/proc proc defaults',
      '/dev/pts devpts gid=5,mode=620',
      '/dev/shm tmpfs mode=1777,nosuid,nodev',
    ]);
    await guest.stop();
    expect(await bed.lines('ls /var/run/vservers.rev')).toEqual([]);
    await vserver.reap(bed.host);
  });

  describe('after a crash that leaves run file and control group', () => {
    const crashed = async (): Promise<{ spec: GuestSpec; guest: Guest }> => {
      const made = await started({ cpuCap: 0.25 });
      const context = await contextOf(made.spec);
      const argv = ['vkill', '--xid', context, '-s', 'KILL', '--', '0'] as const;
      expect((await bed.host.executor.exec({ argv })).exit).toEqual({ kind: 'code', code: 0 });
      return made;
    };

    it('starts with its limits in force', async () => {
      const { spec, guest } = await crashed();
      await expect(guest.executor.exec({ argv: ['true'] })).rejects.toThrow(/is not running/);
      const shape = { cpus: [0], cpuCap: 0.5 };
      const again = await vserver.start(bed.host, { ...spec, target: { ...spec.target, shape } });
      expect((await again.readBack()).find(({ check }) => check === 'CPU cap')).toMatchObject({ found: '0.5 CPUs' });
      await vserver.reap(bed.host);
    });

    it('leaves nothing that reap does not remove', async () => {
      const { spec } = await crashed();
      expect(await vserver.reap(bed.host)).toEqual([spec.name]);
      expect(await bed.traces()).toEqual([]);
    });
  });

  it('takes its limits from the kernel and not from what tools exit with', async () => {
    const { guest, spec } = await started({ cpuCap: 0.25, memoryBytes: 2 ** 28 });
    const context = await contextOf(spec);
    const lost: Readonly<Record<string, [RegExp, string]>> = old
      ? {
          [`proc/virtual/${context}/status`]: [/110$/m, '010'],
          [`proc/virtual/${context}/limit`]: [/65536\/65536/, '     -1/      -1'],
        }
      : {
          [`dev/cgroup/${spec.name}/cpu.cfs_quota_us`]: [/25000/, '-1'],
          [`dev/cgroup/${spec.name}/memory.limit_in_bytes`]: [/\d+/, '9223372036854771712'],
        };
    for (const [file, [from, to]] of Object.entries(lost)) {
      const text = await readFile(join(bed.root, file), 'utf8');
      expect(text).toMatch(from);
      await writeFile(join(bed.root, file), text.replace(from, to));
    }
    const differing = (await guest.readBack()).filter(({ verdict }) => verdict === 'differs');
    expect(differing.map(({ check }) => check)).toEqual(['CPU cap', 'memory limit']);
    await vserver.reap(bed.host);
  });

  it('touches no guest that it did not make', async () => {
    const config = join(bed.root, 'etc/vservers/bench-foreign');
    await mkdir(config);
    expect(await vserver.reap(bed.host)).toEqual([]);
    const spec = { ...specOf(), name: 'bench-foreign' };
    await expect(vserver.start(bed.host, spec)).rejects.toThrow(/not made by bench/);
    expect(await readdir(config)).toEqual([]);
    await rm(config, { recursive: true });
  });

  it.each<[string, GuestSpec['target']['options'], RegExp]>([
    ['a root file system that is not there', { rootfs: '/no/such' }, /rootfs.*no such directory/],
    ['a directory without a shell', { rootfs: '/dev' }, /has no \/bin\/sh/],
    ['options that are none', { addresses: ['10.0.2.101'] }, /options.addresses.0 of target vserver-up/],
  ])('reports what is wrong with %s', async (_, options, message) => {
    await expect(vserver.start(bed.host, specOf({}, options))).rejects.toThrow(message);
    expect(await bed.traces()).toEqual([]);
  });
});

describe.skipIf(standInLacks !== undefined)(`${title}: a host on which an init script has not run`, () => {
  it.each([
    ['2.6.22.19-vs2.3.0.33', 'vprocunhide', 'visible /proc', /vprocunhide start/],
    ['4.9.154-vs2.3.9.8', 'vprocunhide', 'visible /proc', /vprocunhide start/],
    ['2.6.22.19-vs2.3.0.33', 'mounts', 'CPU sets', /mount -n -t cpuset/],
    ['4.9.154-vs2.3.9.8', 'mounts', 'control groups', /util-vserver start/],
  ] as const)('%s without %s: the probe reports it, and no guest starts', async (kernel, without, check, hint) => {
    const bed = await standIn(kernel, [without]);
    try {
      const options = { rootfs: '/srv/root', addresses: ADDRESSES };
      const target = { id: 'v', host: 'here', platform: 'vserver' as const, shape: { cpus: [0] }, options };
      const differing = (await vserver.probe(bed.host, target)).filter(({ verdict }) => verdict === 'differs');
      expect(differing).toMatchObject([{ check, hint: expect.stringMatching(hint) as string }]);
      await expect(vserver.start(bed.host, { name: 'bench-v', target })).rejects.toThrow(check);
      expect(await bed.traces()).toEqual([]);
    } finally {
      await bed.remove();
    }
  });
});
