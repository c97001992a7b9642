import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyShape } from '../../harness/host/verify.js';
import type { PlatformDriver } from '../../harness/platforms/index.js';
import type { Guest, GuestSpec, Host, Shape } from '../../harness/types.js';
import { HOSTILE } from '../connect/hostile.js';
import type { ConformanceTable, Property } from './conformance-table.js';
import { burn, LOOP, print, runs, sees, shareOf, until } from './inside.js';

/** What the suite has to know of a driver to put it to the test. */
export interface Bed {
  readonly host: Host;
  readonly options: GuestSpec['target']['options'];
  /** A CPU that every guest may have. */
  readonly cpu: number;
  /** What every guest gets unless a test changes it. */
  readonly shape?: Partial<Shape>;
  /** CPU seconds of the guest alone, where the platform's accounting has more in it: a host VM. */
  readonly guestSeconds?: (guest: Guest) => Promise<number>;
  /**
   * CPU seconds of the guest by another count of the host's: a guest with a clock of its own does not know when it was
   * not running, and takes that for time of its own.
   */
  readonly otherSeconds?: (guest: Guest) => Promise<number>;
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
  /** Crashes after which the guest, or a command in it, may go on: only what is left behind is looked at. */
  readonly survived?: readonly string[];
  /** Whether eight at once is too slow to be tried each time. */
  readonly slow?: boolean;
  readonly table?: ConformanceTable;
}

/** What every driver promises, tried for real. */
export function describePlatform({
  driver,
  makeBed,
  separate,
  crashes,
  survived = [],
  slow = false,
  table,
}: Conformance): void {
  let bed: Bed;
  let count = 0;

  beforeAll(async () => {
    bed = await makeBed();
  });
  afterAll(async () => {
    await driver.reap(bed.host);
    await bed.remove();
  });

  /** A test whose end is entered in the table. */
  const prove = (property: Property, name: string, body: () => Promise<void>): void => {
    it(name, async () => {
      try {
        await body();
        table?.record(driver.id, property, true);
      } catch (error) {
        table?.record(driver.id, property, false);
        throw error;
      }
    });
  };

  const specOf = (shape: Partial<Shape> = {}): GuestSpec => {
    count += 1;
    const full: Shape = { cpus: [bed.cpu], ...bed.shape, ...shape };
    const id: string = driver.id;
    const target = { id: `${id}-test`, host: bed.host.id, platform: id, shape: full, options: bed.options };
    return { name: `bench-conform-${id}-${count}`, target };
  };
  const started = async (shape: Partial<Shape> = {}): Promise<{ guest: Guest; spec: GuestSpec }> => {
    const spec = specOf(shape);
    return { spec, guest: await driver.start(bed.host, spec) };
  };

  const secondsOf = async (guest: Guest): Promise<number> =>
    bed.guestSeconds === undefined ? (await driver.cpuTime(bed.host, guest)).seconds : bed.guestSeconds(guest);

  /** The share of a CPU that an endless loop gets: by the host's count where the guest has a clock of its own. */
  const shareSeen = async (guest: Guest, seconds: number): Promise<number> => {
    if (driver.boundary !== 'hypervisor') return shareOf(guest, seconds);
    const [before, began] = [await secondsOf(guest), performance.now()];
    await shareOf(guest, seconds);
    return ((await secondsOf(guest)) - before) / ((performance.now() - began) / 1000);
  };

  describe('a guest', () => {
    let guest: Guest;
    let spec: GuestSpec;
    beforeAll(async () => {
      // A weight that is no whole number: a reservation of a quarter among eight is 7/3 of the others'.
      ({ guest, spec } = await started({ memoryBytes: 256 * 2 ** 20, cpuWeight: 700 / 3, cpuCap: 0.9 }));
    });
    afterAll(() => guest.stop());

    prove('probe', 'was probed with nothing that differs', async () => {
      const findings = await driver.probe(bed.host, spec.target);
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
    });

    prove('argv', 'takes every argument as it is', async () => {
      const argv = ['printf', '%s\\0', ...HOSTILE] as const;
      const { stdout } = await guest.executor.exec({ argv });
      expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
    });

    prove('argv', 'takes environment, directory and input', async () => {
      const argv = ['sh', '-c', 'printf "%s|%s|" "$ODD" "$PWD"; cat'] as const;
      const { stdout } = await guest.executor.exec({ argv, env: { ODD: `a 'b' "$c"\n` }, cwd: '/proc', stdin: 'in' });
      expect(stdout).toBe(`a 'b' "$c"\n|/proc|in`);
    });

    for (const [script, exit] of [
      ['exit 0', { kind: 'code', code: 0 }],
      ['exit 7', { kind: 'code', code: 7 }],
      ['exit 127', { kind: 'code', code: 127 }],
      ['kill -TERM $$', { kind: 'signal', signal: 'SIGTERM' }],
      ['kill -KILL $$', { kind: 'signal', signal: 'SIGKILL' }],
      ['kill -SEGV $$', { kind: 'signal', signal: 'SIGSEGV' }],
    ] as const) {
      prove('exit', `reports how ${JSON.stringify(script)} ended`, async () => {
        expect((await guest.executor.exec({ argv: ['sh', '-c', script] })).exit).toEqual(exit);
      });
    }

    prove('exit', 'rejects for a program that does not exist', async () => {
      await expect(guest.executor.exec({ argv: ['/no/such/program'] })).rejects.toThrow(/cannot run/);
    });

    prove('files', 'keeps the bytes of a file', async () => {
      const content = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256);
      const path = `${guest.workDir}/deep/er/${HOSTILE.filter((word) => !word.includes('/')).join('')}`;
      await guest.executor.put({ path, content, mode: 0o755 });
      expect(Buffer.from(await guest.executor.get(path)).equals(content)).toBe(true);
      expect((await guest.executor.exec({ argv: ['test', '-x', path] })).exit).toEqual({ kind: 'code', code: 0 });
    });

    prove('shape', 'has its shape, or reports what is not enforced', async () => {
      const findings = await verifyShape(guest, spec.target.shape);
      expect(findings.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
      const enforced = ['CPU weight', 'CPU cap', 'memory limit'].map(
        (name) => findings.find(({ check }) => check === name)?.verdict,
      );
      expect(new Set(enforced)).toEqual(new Set([separate ? 'ok' : 'unavailable']));
    });

    prove('attach', 'is found again by a later run', async () => {
      const again = await driver.attach(bed.host, spec);
      expect(again).toMatchObject({ name: spec.name, workDir: guest.workDir });
      expect(await sees(again, `${guest.workDir}/deep`)).toBe(true);
    });

    prove('accounting', 'accounts for the CPU time of a load within 2 %', async () => {
      const time = (): Promise<number> => secondsOf(guest);
      // What enters a guest counts as the guest's: as much as the entering of a command that does nothing.
      const cpu = guest.cpus[0] ?? bed.cpu;
      const readings = [await time()];
      for (let entering = 0; entering < 2; entering += 1) {
        await burn(guest.executor, cpu, 0);
        readings.push(await time());
      }
      const [first = 0, second = 0, third = 0] = readings;
      const otherwise = await bed.otherSeconds?.(guest);
      const inside = await burn(guest.executor, cpu, 1_250_000);
      const other = otherwise === undefined ? undefined : ((await bed.otherSeconds?.(guest)) ?? 0) - otherwise;
      const counted = (await time()) - third - (other === undefined ? (third - first) / 2 : 0);
      const used = other ?? inside;
      expect(used).toBeGreaterThan(0.5);
      // The shell prints four times, each cut to 10 ms; entering differs by some 20 ms from one time to the next, by more on a
      // slow machine.
      const entering = Math.abs(third - second - (second - first));
      const margin = 0.02 * used + 0.06 + (other === undefined ? entering : 0);
      expect(counted).toBeGreaterThan(used - margin);
      // On the host whatever else runs on these CPUs counts, too.
      if (separate) expect(counted).toBeLessThan(used + margin);
    });
  });

  prove('restart', 'has a work directory that outlives the guest', async () => {
    const { guest, spec } = await started();
    await guest.executor.put({ path: `${guest.workDir}/kept`, content: 'kept' });
    if (separate) await guest.executor.put({ path: '/etc/changed', content: 'x' });
    await guest.stop();
    await guest.stop();
    if (separate) {
      expect(await driver.attach(bed.host, spec)).toBeUndefined();
      await expect(guest.executor.exec({ argv: ['true'] })).rejects.toThrow(/is not running/);
    }
    const again = await driver.start(bed.host, spec);
    expect(Buffer.from(await again.executor.get(`${guest.workDir}/kept`)).toString()).toBe('kept');
    if (separate) expect(await sees(again, '/etc/changed')).toBe(true);
    await again.stop();
  });

  if (!separate) return;
  describe('a guest of its own', () => {
    prove('cap', 'gets no more than its cap', async () => {
      const { guest } = await started({ cpuCap: 0.25 });
      expect(await sees(guest, '/etc/changed')).toBe(false);
      const share = await shareSeen(guest, 2);
      // A machine that is busy with something else gives less; nothing may give more.
      expect(share).toBeGreaterThan(0.04);
      expect(share).toBeLessThan(0.32);
      await guest.stop();
    });

    prove('weight', 'gets CPU time by weight', async () => {
      const two = await Promise.all([started({ cpuWeight: 300 }), started({ cpuWeight: 100 })]);
      const loops = two.map(({ guest }) => guest.executor.exec({ argv: LOOP }).catch(() => undefined));
      for (const { guest } of two) await until(() => runs(guest.executor, ...LOOP));
      const used = () => Promise.all(two.map(({ guest }) => secondsOf(guest)));
      const before = await used();
      // On a busy machine little of the CPU is theirs, and shares show only once both had their turns many times.
      const enough = performance.now() + 15_000;
      let after = before;
      while ((after[1] ?? 0) - (before[1] ?? 0) < 0.3 && performance.now() < enough) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        after = await used();
      }
      await Promise.all(two.map(({ guest }) => guest.stop()));
      await Promise.all(loops);
      const [heavy = 0, light = 0] = after.map((seconds, index) => seconds - (before[index] ?? 0));
      expect(heavy / light).toBeGreaterThan(2.2);
      expect(heavy / light).toBeLessThan(4.2);
    });

    if (!slow) {
      prove('eight', 'is one of eight at once, and kept by reap when asked', async () => {
        const guests = await Promise.all(Array.from({ length: 8 }, () => started()));
        const names = await Promise.all(guests.map(({ guest }) => print(guest.executor, ['uname', '-n'])));
        expect(names).toEqual(guests.map(({ spec }) => spec.name));
        const [kept = ''] = names;
        expect(await driver.reap(bed.host, [kept])).not.toContain(kept);
        expect((await guests[0]?.guest.executor.exec({ argv: ['true'] }))?.exit).toEqual({ kind: 'code', code: 0 });
      });
    }

    prove('reap', 'is not touched by the end of one whose name it begins with', async () => {
      const { guest: other, spec } = await started();
      const longer = await driver.start(bed.host, { ...spec, name: `${spec.name}0` });
      await other.stop();
      expect((await longer.executor.exec({ argv: ['true'] })).exit).toEqual({ kind: 'code', code: 0 });
      await longer.stop();
    });

    prove('reap', 'is removed by reap, with all that it left', async () => {
      const { spec } = await started();
      expect(await driver.reap(bed.host)).toContain(spec.name);
      expect(await bed.traces()).toEqual([]);
      expect(await driver.reap(bed.host)).toEqual([]);
    });

    for (const crash of crashes) {
      prove('crash', `rejects what ran in it at ${crash}`, async () => {
        const { guest } = await started();
        const outcome = guest.executor.exec({ argv: ['sleep', '60'] }).then(
          (result) => result.exit,
          (error: unknown) => String(error),
        );
        await until(() => runs(guest.executor, 'sleep', '60'));
        await bed.crashes[crash]?.(guest);
        expect(await outcome).toMatch(/is not running/);
        await guest.stop();
      });
    }

    for (const crash of [...crashes, ...survived]) {
      prove('crash', `starts again with its disk after ${crash}, and leaves nothing`, async () => {
        const { guest, spec } = await started();
        await guest.executor.put({ path: `${guest.workDir}/kept`, content: 'kept' });
        // A machine that loses its power loses what it had not written yet.
        await guest.executor.exec({ argv: ['sync'] });
        await bed.crashes[crash]?.(guest);
        const again = await driver.start(bed.host, spec);
        expect(await sees(again, `${again.workDir}/kept`)).toBe(true);
        await bed.crashes[crash]?.(again);
        expect(await driver.reap(bed.host)).toContain(spec.name);
        expect(await bed.traces()).toEqual([]);
        expect(await driver.reap(bed.host)).toEqual([]);
      });
    }
  });
}
