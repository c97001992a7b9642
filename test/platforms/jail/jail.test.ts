import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jail } from '../../../harness/platforms/jail/index.js';
import { cpusIn, judgeJail, rulesOf } from '../../../harness/platforms/jail/limits.js';
import type { GuestSpec, Shape } from '../../../harness/types.js';
import { HOSTILE } from '../../connect/hostile.js';
import { print } from '../inside.js';
import { standInHost, standInLacks, type StandInHost } from '../stand-in.js';

describe('a shape in the rules of rctl', () => {
  it('is in percent of one CPU and in bytes', () => {
    expect(rulesOf({ cpus: [0, 1], cpuCap: 1.5, memoryBytes: 2 ** 28 })).toEqual({ pcpu: '150', bytes: '268435456' });
    expect(rulesOf({ cpus: [0], cpuCap: 0.001 })).toEqual({ pcpu: '1', bytes: '' });
  });

  it('is judged by the output of cpuset and rctl', () => {
    expect(cpusIn('jail 3 mask: 0, 1, 5\n')).toEqual([0, 1, 5]);
    const shape = { cpus: [0, 1], cpuCap: 0.25, memoryBytes: 1024, cpuWeight: 50 };
    const rules = 'jail:bench-j:pcpu:deny=25\njail:bench-j:memoryuse:deny=1024\n';
    const verdicts = (mask: string, text?: string) => judgeJail(shape, mask, text).map(({ verdict }) => verdict);
    expect(verdicts('jail 3 mask: 0, 1\n', rules)).toEqual(['ok', 'ok', 'ok', 'unavailable']);
    expect(verdicts('jail 3 mask: 0\n', '')).toEqual(['differs', 'differs', 'differs', 'unavailable']);
    expect(verdicts('', undefined)).toEqual(['differs', 'differs', 'differs', 'unavailable']);
  });
});

const TOOLS = ['jail', 'jls', 'jexec', 'cpuset', 'sysctl', 'rctl', 'chflags', 'mount', 'uname', 'rm'];
const title = `FreeBSD jails, through a stand-in that checks arguments${standInLacks === undefined ? '' : ` (skipped: ${String(standInLacks)})`}`;
describe.skipIf(standInLacks !== undefined)(title, () => {
  let bed: StandInHost;
  beforeAll(async () => {
    const tools = await readFile(new URL('./tools.sh', import.meta.url), 'utf8');
    bed = await standInHost(Object.fromEntries(TOOLS.map((tool) => [tool, tools])), {
      racct: '1\n',
      rules: '',
      usage: 'cputime=41\nmemoryuse=1024\n',
    });
  });
  afterAll(async () => {
    expect(await bed.refused()).toEqual([]);
    await bed.remove();
  });
  const specOf = (name: string, shape: Partial<Shape> = {}): GuestSpec => {
    const options = { rootfs: '/srv/root' };
    const target = { id: 'jail-up', host: 'here', platform: 'jail' as const, shape: { cpus: [0], ...shape }, options };
    return { name, target };
  };

  it('runs commands and has its shape', async () => {
    const spec = specOf('bench-j', { cpuCap: 0.25, memoryBytes: 2 ** 28 });
    const guest = await jail.start(bed.host, spec);
    const { stdout } = await guest.executor.exec({ argv: ['printf', '%s\\0', ...HOSTILE] });
    expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
    expect((await guest.executor.exec({ argv: ['sh', '-c', 'exit 7'] })).exit).toEqual({ kind: 'code', code: 7 });
    const killed = await guest.executor.exec({ argv: ['sh', '-c', 'kill -TERM $$'] });
    expect(killed.exit).toEqual({ kind: 'signal', signal: 'SIGTERM' });
    expect((await guest.readBack()).map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(await jail.cpuTime(bed.host, guest)).toMatchObject({ seconds: 41 });
    await guest.executor.put({ path: `${guest.workDir}/kept`, content: 'kept' });
    await guest.stop();
    await guest.stop();
    expect(await jail.attach(bed.host, spec)).toBeUndefined();
    await expect(guest.executor.exec({ argv: ['true'] })).rejects.toThrow(/is not running/);
    const again = await jail.start(bed.host, spec);
    expect(await print(again.executor, ['cat', `${again.workDir}/kept`])).toBe('kept');
    const other = await jail.start(bed.host, specOf('bench-k'));
    expect(await jail.reap(bed.host, ['bench-k'])).toEqual(['bench-j']);
    expect((await other.executor.exec({ argv: ['true'] })).exit).toEqual({ kind: 'code', code: 0 });
    expect(await jail.reap(bed.host)).toEqual(['bench-k']);
    expect(await bed.lines('ls /jails; cat /rules; ls /var/lib/bench')).toEqual([]);
  });

  it('reports that trials cannot run there, and names a kernel without accounting', async () => {
    const differing = async () =>
      (await jail.probe(bed.host, specOf('bench-j').target)).filter(({ verdict }) => verdict === 'differs');
    expect((await differing()).map(({ check }) => check)).toEqual(['agent']);
    await writeFile(join(bed.root, 'racct'), '0\n');
    expect((await differing()).map(({ check }) => check)).toEqual(['agent', 'resource accounting']);
    await writeFile(join(bed.root, 'racct'), '1\n');
  });
});
