import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyShape } from '../../harness/host/verify.js';
import type { Guest, GuestSpec, Host, PlatformId, Shape } from '../../harness/types.js';
import type { PlatformDriver } from '../../harness/platforms/index.js';
import { HOSTILE } from '../connect/hostile.js';
import { burn, LOOP, print, runs, sees, shareOf, until } from './inside.js';

/** What the suite has to know of a driver to put it to the test. */
export interface Bed {
  readonly host: Host;
  readonly options: GuestSpec['target']['options'];
  /** A CPU that every guest may have. */
  readonly cpu: number;
  /** Ways for a running guest to be torn down behind the driver's back. */
  readonly crashes: Readonly<Record<string, (guest: Guest) => Promise<void>>>;
  /** What guests leave on the host: processes, groups, mounts, files. Empty when there is nothing. */
  traces(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export interface Conformance {
  readonly driver: PlatformDriver;
  readonly makeBed: () => Promise<Bed>;
  /** Whether shapes are enforced, so that guests end, crash and restart; `native` does none of that. */
  readonly separate: boolean;
  readonly crashes: readonly string[];
}

/** What every driver promises, tried for real. */
export function describePlatform({ driver, makeBed, separate, crashes }: Conformance): void {
  let bed: Bed;
  let count = 0;

  beforeAll(async () => {
    bed = await makeBed();
  });
  afterAll(async () => {
    await driver.reap(bed.host);
    await bed.remove();
  });

  const specOf = (shape: Partial<Shape> = {}): GuestSpec => {
    count += 1;
    const full: Shape = { cpus: [bed.cpu], ...shape };
    const id: PlatformId = driver.id;
    const target = { id: `${id}-test`, host: bed.host.id, platform: id, shape: full, options: bed.options };
    return { name: `bench-conform-${id}-${count}`, target };
  };
  const started = async (shape: Partial<Shape> = {}): Promise<{ guest: Guest; spec: GuestSpec }> => {
    const spec = specOf(shape);
    return { spec, guest: await driver.start(bed.host, spec) };
  };

  describe('a guest', () => {
    let guest: Guest;
    let spec: GuestSpec;
    beforeAll(async () => {
      ({ guest, spec } = await started({ memoryBytes: 256 * 2 ** 20, cpuWeight: 50, cpuCap: 0.5 }));
    });
    afterAll(() => guest.stop());

    it('was probed with nothing that differs', async () => {
      const findings = await driver.probe(bed.host, spec.target);
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
    });

    it('takes every argument as it is', async () => {
      const argv = ['printf', '%s\\0', ...HOSTILE] as const;
      const { stdout } = await guest.executor.exec({ argv });
      expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
    });

    it('takes environment, directory and input', async () => {
      const argv = ['sh', '-c', 'printf "%s|%s|" "$ODD" "$PWD"; cat'] as const;
      const { stdout } = await guest.executor.exec({ argv, env: { ODD: `a 'b' "$c"\n` }, cwd: '/proc', stdin: 'in' });
      expect(stdout).toBe(`a 'b' "$c"\n|/proc|in`);
    });

    it.each([
      ['exit 0', { kind: 'code', code: 0 }],
      ['exit 7', { kind: 'code', code: 7 }],
      ['exit 127', { kind: 'code', code: 127 }],
      ['kill -TERM $$', { kind: 'signal', signal: 'SIGTERM' }],
      ['kill -KILL $$', { kind: 'signal', signal: 'SIGKILL' }],
      ['kill -SEGV $$', { kind: 'signal', signal: 'SIGSEGV' }],
    ])('says how %j ended', async (script, exit) => {
      expect((await guest.executor.exec({ argv: ['sh', '-c', script] })).exit).toEqual(exit);
    });

    it('rejects for a program that does not exist', async () => {
      await expect(guest.executor.exec({ argv: ['/no/such/program'] })).rejects.toThrow(/cannot run/);
    });

    it('keeps the bytes of a file', async () => {
      const content = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256);
      const path = `${guest.workDir}/deep/er/${HOSTILE.filter((word) => !word.includes('/')).join('')}`;
      await guest.executor.put({ path, content, mode: 0o755 });
      expect(Buffer.from(await guest.executor.get(path)).equals(content)).toBe(true);
      expect((await guest.executor.exec({ argv: ['test', '-x', path] })).exit).toEqual({ kind: 'code', code: 0 });
    });

    it('has its shape, or says what is not enforced', async () => {
      const findings = await verifyShape(guest, spec.target.shape);
      expect(findings.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
      const enforced = ['CPU weight', 'CPU cap', 'memory limit'].map(
        (name) => findings.find(({ check }) => check === name)?.verdict,
      );
      expect(new Set(enforced)).toEqual(new Set([separate ? 'ok' : 'unavailable']));
    });

    it('is found again by who lost it', async () => {
      const again = await driver.attach(bed.host, spec);
      expect(again).toMatchObject({ name: spec.name, workDir: guest.workDir });
      expect(await sees(again, `${guest.workDir}/deep`)).toBe(true);
    });

    it('accounts for the CPU time of a load', async () => {
      const before = await driver.cpuTime(bed.host, guest);
      const used = await burn(guest.executor, bed.cpu);
      const after = await driver.cpuTime(bed.host, guest);
      const counted = after.seconds - before.seconds;
      expect(used).toBeGreaterThan(0.2);
      expect(counted).toBeGreaterThan(0.95 * used - 0.02);
      // What enters a guest counts as its own; on the host so does whatever else ran on these CPUs.
      if (separate) expect(counted).toBeLessThan(1.05 * used + 0.05);
    });
  });

  it('has a work directory that outlives the guest', async () => {
    const { guest, spec } = await started();
    await guest.executor.put({ path: `${guest.workDir}/kept`, content: 'kept' });
    await guest.stop();
    const again = await driver.start(bed.host, spec);
    expect(Buffer.from(await again.executor.get(`${guest.workDir}/kept`)).toString()).toBe('kept');
    await again.stop();
  });

  if (!separate) return;
  describe('a guest of its own', () => {
    it('is gone after stop, and stopping it twice is no error', async () => {
      const { guest, spec } = await started();
      await guest.stop();
      await guest.stop();
      expect(await driver.attach(bed.host, spec)).toBeUndefined();
      await expect(guest.executor.exec({ argv: ['true'] })).rejects.toThrow(/is not running/);
    });

    it('keeps what it changed of its root file system', async () => {
      const { guest, spec } = await started();
      await guest.executor.put({ path: '/etc/changed', content: 'x' });
      await guest.stop();
      const again = await driver.start(bed.host, spec);
      const other = await started();
      expect(await sees(again, '/etc/changed')).toBe(true);
      expect(await sees(other.guest, '/etc/changed')).toBe(false);
      await Promise.all([again.stop(), other.guest.stop()]);
    });

    it('gets no more than its cap', async () => {
      const { guest } = await started({ cpuCap: 0.25 });
      const share = await shareOf(guest, 2);
      // A machine that is busy with something else gives less; nothing may give more.
      expect(share).toBeGreaterThan(0.04);
      expect(share).toBeLessThan(0.32);
      await guest.stop();
    });

    it('gets CPU time by weight', async () => {
      const two = await Promise.all([started({ cpuWeight: 300 }), started({ cpuWeight: 100 })]);
      const loops = two.map(({ guest }) => guest.executor.exec({ argv: LOOP }).catch(() => undefined));
      for (const { guest } of two) await until(() => runs(guest.executor, ...LOOP));
      const used = () => Promise.all(two.map(({ guest }) => driver.cpuTime(bed.host, guest)));
      const before = await used();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const after = await used();
      await Promise.all(two.map(({ guest }) => guest.stop()));
      await Promise.all(loops);
      const [heavy = 0, light = 0] = after.map(({ seconds }, index) => seconds - (before[index]?.seconds ?? 0));
      expect(heavy / light).toBeGreaterThan(2.2);
      expect(heavy / light).toBeLessThan(4.2);
    });

    it('is one of eight at once', async () => {
      const guests = await Promise.all(Array.from({ length: 8 }, () => started()));
      const names = await Promise.all(guests.map(({ guest }) => print(guest.executor, ['uname', '-n'])));
      expect(names).toEqual(guests.map(({ spec }) => spec.name));
      const removed = await driver.reap(bed.host);
      expect([...removed].sort()).toEqual(expect.arrayContaining(names));
      expect(await bed.traces()).toEqual([]);
    });

    it('is kept by reap when asked, and only then', async () => {
      const [one, two] = await Promise.all([started(), started()]);
      expect(await driver.reap(bed.host, [one.spec.name])).toEqual([two.spec.name]);
      expect((await one.guest.executor.exec({ argv: ['true'] })).exit).toEqual({ kind: 'code', code: 0 });
      expect(await driver.reap(bed.host)).toEqual([one.spec.name]);
      expect(await bed.traces()).toEqual([]);
    });

    describe.each(crashes)('after %s', (crash) => {
      const crashed = async (): Promise<{ guest: Guest; spec: GuestSpec }> => {
        const running = await started();
        await bed.crashes[crash]?.(running.guest);
        return running;
      };

      it('rejects what ran in it, and is not taken for its result', async () => {
        const { guest } = await started();
        const pending = guest.executor.exec({ argv: ['sleep', '60'] });
        const outcome = pending.then(
          (result) => result.exit,
          (error: unknown) => String(error),
        );
        await until(() => runs(guest.executor, 'sleep', '60'));
        await bed.crashes[crash]?.(guest);
        expect(await outcome).toMatch(/is not running/);
        await guest.stop();
      });

      it('starts again with its disk', async () => {
        const running = await started();
        await running.guest.executor.put({ path: `${running.guest.workDir}/kept`, content: 'kept' });
        await bed.crashes[crash]?.(running.guest);
        const again = await driver.start(bed.host, running.spec);
        expect(await sees(again, `${again.workDir}/kept`)).toBe(true);
        await again.stop();
      });

      it('leaves nothing that reap does not remove', async () => {
        const { spec } = await crashed();
        expect(await driver.reap(bed.host)).toContain(spec.name);
        expect(await bed.traces()).toEqual([]);
        expect(await driver.reap(bed.host)).toEqual([]);
      });
    });
  });
}
