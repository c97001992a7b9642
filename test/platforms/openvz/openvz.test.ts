import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyShape } from '../../../harness/host/verify.js';
import { openvz } from '../../../harness/platforms/openvz/index.js';
import { judgeLimits, setArgv, ticksOf } from '../../../harness/platforms/openvz/limits.js';
import type { Guest, GuestSpec, Shape } from '../../../harness/types.js';
import { HOSTILE } from '../../connect/hostile.js';
import { print } from '../inside.js';
import { standInHost, standInLacks, type StandInHost } from '../stand-in.js';

describe('a shape in the parameters of vzctl', () => {
  it.each<[string, Shape, string]>([
    [
      'all of it',
      { cpus: [0, 1, 3], cpuWeight: 300, cpuCap: 0.25, memoryBytes: 2 ** 28, diskBytes: 2 ** 30 },
      '--cpumask 0-1,3 --cpuunits 3000 --cpulimit 25 --physpages 0:65536 --diskspace 1048576:1048576',
    ],
    [
      'CPUs only: what an earlier start limited is free again',
      { cpus: [0] },
      '--cpumask 0 --cpuunits 1000 --cpulimit 0 --physpages 0:unlimited --diskspace unlimited:unlimited',
    ],
    [
      'less than vzctl knows',
      { cpus: [0], cpuWeight: 0.1, cpuCap: 0.001 },
      '--cpumask 0 --cpuunits 8 --cpulimit 1 --physpages 0:unlimited --diskspace unlimited:unlimited',
    ],
  ])('%s', (_, shape, words) => {
    expect(setArgv(48000, shape, 4096).join(' ')).toBe(`vzctl set 48000 ${words} --save`);
  });

  it('is judged by what vzlist shows', () => {
    const shape = { cpus: [0], cpuWeight: 300, cpuCap: 0.25, memoryBytes: 2 ** 28, cpuReservation: 0.1 };
    const verdicts = (listed: string, allowed?: string) =>
      judgeLimits(shape, listed, allowed, 4096).map(({ verdict }) => verdict);
    expect(verdicts('3000 25 65536 -\n', '0')).toEqual(['ok', 'ok', 'ok', 'ok', 'unavailable']);
    expect(verdicts('1000 0 - -\n', '0-1')).toEqual(['differs', 'differs', 'differs', 'differs', 'unavailable']);
    expect(verdicts('')).toEqual(['differs', 'differs', 'differs', 'differs', 'unavailable']);
  });

  it('reads the ticks of one container', () => {
    const vestat =
      'Version: 2.2\n VEID user nice system uptime idle strv uptime used\n  480 9 9 9 9 9 9\n 48000 120 5 75 900 1 2 3 4\n';
    expect(ticksOf(vestat, 48000)).toBe(200);
    expect(ticksOf(vestat, 4800)).toBeUndefined();
  });
});

const title = `OpenVZ, through a stand-in that checks arguments${standInLacks === undefined ? '' : ` (skipped: ${String(standInLacks)})`}`;
describe.skipIf(standInLacks !== undefined)(title, () => {
  let bed: StandInHost;
  let count = 0;

  beforeAll(async () => {
    const tool = await readFile(new URL('./vzctl.sh', import.meta.url), 'utf8');
    bed = await standInHost(
      { vzctl: tool, vzlist: tool, getconf: '#!/bin/sh\necho 4096\n', uname: '#!/bin/sh\necho 2.6.32-042stab145.3\n' },
      { 'proc/vz/vestat': 'Version: 2.2\n', 'boot/config-2.6.32-042stab145.3': 'CONFIG_HZ=1000\n' },
    );
  });
  afterAll(() => bed.remove());
  afterEach(async () => {
    expect(await bed.refused()).toEqual([]);
  });

  const specOf = (shape: Partial<Shape> = {}, options: GuestSpec['target']['options'] = {}): GuestSpec => {
    count += 1;
    const target = {
      id: 'openvz-up',
      host: 'here',
      platform: 'openvz' as const,
      shape: { cpus: [0], ...shape },
      options: { ostemplate: 'debian-7.0-x86_64', ...options },
    };
    return { name: `bench-o-${count}`, target };
  };
  const started = async (shape: Partial<Shape> = {}): Promise<{ guest: Guest; spec: GuestSpec }> => {
    const spec = specOf(shape);
    return { spec, guest: await openvz.start(bed.host, spec) };
  };

  it('runs commands, gives their exit codes and signals, and has its shape', async () => {
    const { guest, spec } = await started({ cpuWeight: 50, cpuCap: 0.5, memoryBytes: 2 ** 28, diskBytes: 2 ** 30 });
    const { stdout } = await guest.executor.exec({ argv: ['printf', '%s\\0', ...HOSTILE] });
    expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
    const input = await guest.executor.exec({ argv: ['sh', '-c', 'pwd; cat'], cwd: '/proc', stdin: 'in' });
    expect(input.stdout).toBe('/proc\nin');
    const exits = ['exit 0', 'exit 3', 'exit 31', 'exit 255', 'kill -TERM $$'].map(
      async (script) => (await guest.executor.exec({ argv: ['sh', '-c', script] })).exit,
    );
    expect(await Promise.all(exits)).toEqual([
      ...[0, 3, 31, 255].map((code) => ({ kind: 'code', code })),
      { kind: 'signal', signal: 'SIGTERM' },
    ]);
    await expect(guest.executor.exec({ argv: ['/no/such'] })).rejects.toThrow(/cannot run/);
    const findings = await verifyShape(guest, spec.target.shape);
    expect(findings.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
    expect(findings.find(({ check }) => check === 'CPU cap')).toMatchObject({ found: '50 % of a CPU', verdict: 'ok' });
    expect((await openvz.attach(bed.host, spec))?.name).toBe(spec.name);
    const number = (await bed.lines(`cat /var/lib/bench/openvz/${spec.name}/number`))[0] ?? '';
    await writeFile(join(bed.root, 'proc/vz/vestat'), `Version: 2.2\n ${number} 1200 0 300 9 9 9 9 9\n`);
    expect((await openvz.cpuTime(bed.host, guest)).seconds).toBe(1.5);
    await writeFile(join(bed.root, 'proc/vz/vestat'), 'Version: 2.2\n');
    await openvz.reap(bed.host);
  });

  it('keeps its files over a stop, and is gone after it', async () => {
    const { guest, spec } = await started();
    await guest.executor.put({ path: `${guest.workDir}/kept`, content: 'kept' });
    await guest.stop();
    await guest.stop();
    expect(await openvz.attach(bed.host, spec)).toBeUndefined();
    await expect(guest.executor.exec({ argv: ['true'] })).rejects.toThrow(/is not running/);
    await expect(openvz.cpuTime(bed.host, guest)).rejects.toThrow(/not in \/proc\/vz\/vestat/);
    const again = await openvz.start(bed.host, spec);
    expect(await print(again.executor, ['cat', `${again.workDir}/kept`])).toBe('kept');
    await openvz.reap(bed.host);
  });

  it('is one of several, which reap removes but for those to keep and those of others', async () => {
    const foreign = ['vzctl', 'create', '500', '--ostemplate', 'debian-7.0-x86_64', '--layout', 'simfs'] as const;
    await bed.host.executor.exec({ argv: [...foreign, '--hostname', 'theirs'] });
    const [one, two, three] = await Promise.all([started(), started(), started()]);
    const removed = await openvz.reap(bed.host, [one.spec.name]);
    expect([...removed].sort()).toEqual([two.spec.name, three.spec.name].sort());
    expect((await one.guest.executor.exec({ argv: ['true'] })).exit).toEqual({ kind: 'code', code: 0 });
    expect(await openvz.reap(bed.host)).toEqual([one.spec.name]);
    expect(await bed.lines('ls /vz/ct; ls /var/lib/bench')).toEqual(['500']);
  });

  it('reports what is wrong with a template that is not there, and with options that are none', async () => {
    await expect(openvz.start(bed.host, specOf({}, { ostemplate: 'nosuch' }))).rejects.toThrow(/nosuch not found/);
    await expect(openvz.start(bed.host, specOf({}, { ostemplate: '-x' }))).rejects.toThrow(/options.ostemplate/);
    expect(await openvz.reap(bed.host)).toHaveLength(1);
  });

  it('reports what a host without OpenVZ lacks', async () => {
    const plain = await standInHost({}, {});
    const differing = (await openvz.probe(plain.host)).filter(({ verdict }) => verdict === 'differs');
    expect(differing.map(({ check }) => check)).toEqual(['vzctl', 'kernel']);
    await plain.remove();
  });
});
