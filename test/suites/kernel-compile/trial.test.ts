import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeTrial } from '../../../harness/run/trial/judge-trial.js';
import type { Installation, Step } from '../../../harness/types.js';
import { install } from '../../../suites/kernel-compile/install.js';
import { parseSize } from '../../../suites/kernel-compile/parse.js';
import { sizes, type Size } from '../../../suites/kernel-compile/sizes.js';
import { stepsOf } from '../../../suites/kernel-compile/steps.js';
import { readRawFile } from '../../../harness/trial/raw-trial.js';
import { here, openBench, runTrial, spec, type Bench } from '../../agent/fixture.js';
import { miniatureSize, openMiniature, type Miniature } from './miniature.js';

const tryInstall = async ({ dir, archives }: Miniature): Promise<Installation | string> => {
  try {
    return await install({ executor: here, dir, cpus: [0], toolDirs: [archives] });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const probe = openMiniature();
const installed = await tryInstall(probe);
probe.remove();
const why = typeof installed === 'string' ? `: needs what builds a kernel here (${installed})` : '';
const debian = '/usr/src/linux-source-6.1.tar.xz';
const noSource = why !== '' || !existsSync(debian);

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.remove());

const partOf = ({ data }: Installation): string => (typeof data['part'] === 'string' ? data['part'] : '');

let count = 0;
async function runSize(dir: string, installation: Installation, size: Size, change = (steps: Step[]) => steps) {
  const place = bench.trial(`trial-${(count += 1)}`);
  const context = { profile: 'quick', installation, scratch: `${place}/scratch`, dir, cpus: [0] } as const;
  const trial = spec(place, change(stepsOf(context, size)), { env: installation.env });
  const { raw } = await runTrial(bench, trial);
  const read = readRawFile('raw/t.txt', raw, { profile: 'quick', installation });
  return { read, lines: new TextDecoder().decode(raw).split('\n'), readings: parseSize(read, size), place };
}

const leftovers = (ram: unknown): string[] =>
  readdirSync(String(ram)).filter((name) => name.startsWith('bench-kernel-'));

describe.skipIf(why !== '')(`a trial on a miniature of the sources${why}`, () => {
  const withMiniature = async (
    use: (mini: Miniature, installation: Installation) => Promise<void>,
    source?: string,
  ): Promise<void> => {
    const mini = openMiniature(source);
    try {
      const installation = await tryInstall(mini);
      if (typeof installation === 'string') throw new Error(installation);
      await use(mini, installation);
    } finally {
      mini.remove();
    }
  };

  it.each(['part', 'archive'] as const)(
    'builds from the %s, gives the position of each time, and leaves nothing',
    (from) =>
      withMiniature(async ({ dir }, installation) => {
        const before = leftovers(installation.data['ram'] ?? dir);
        const { read, readings, lines, place } = await runSize(dir, installation, miniatureSize(from));
        expect(judgeTrial(read, [0, 1, 2, 3, 4, 5, 6, 7])).toMatchObject({ status: 'collected' });
        expect(readings.map(({ metric }) => metric)).toEqual(['elapsed', 'user', 'system']);
        for (const reading of readings) {
          if ('missing' in reading) throw new Error(reading.missing);
          expect(lines[reading.at.line - 1]).toContain('"name":"compile"');
        }
        expect(leftovers(installation.data['ram'] ?? dir)).toEqual(before);
        expect(existsSync(`${place}/scratch`)).toBe(false);
      }),
  );

  it('finds the archive in the directories of the host, and does the slow part once', () =>
    withMiniature(async (mini, installation) => {
      expect(installation.tools['linux-source']).toMatchObject({
        path: join(mini.archives, 'linux-9.9.tar.xz'),
        version: '6.1.999',
      });
      const part = partOf(installation);
      const made = readFileSync(part);
      expect(await tryInstall(mini)).toEqual(installation);
      expect(readFileSync(part).equals(made)).toBe(true);
      expect(readdirSync(mini.dir).filter((name) => name.startsWith('building'))).toEqual([]);
    }));

  it('names the compiler’s complaint, not make’s', () =>
    withMiniature(async ({ dir }, installation) => {
      const { read } = await runSize(dir, installation, miniatureSize('part'));
      expect(judgeTrial(read, [0])).toMatchObject({
        status: 'failed',
        message: expect.stringMatching(
          /^step compile exited with 2: .*fatal error: nowhere\.h: No such file/,
        ) as string,
      });
    }, '#include <nowhere.h>\n'));

  it('reports what room it needs and removes what an interrupted trial left', () =>
    withMiniature(async ({ dir }, installation) => {
      const before = leftovers(installation.data['ram'] ?? dir);
      const noRemoval = (steps: Step[]): Step[] => steps.filter(({ name }) => name !== 'remove');
      await runSize(dir, installation, miniatureSize('part'), noRemoval);
      expect(leftovers(installation.data['ram'] ?? dir)).toHaveLength(before.length + 1);
      const { read } = await runSize(dir, installation, { ...miniatureSize('part'), roomKiB: 1e13 });
      expect(judgeTrial(read, [0])).toMatchObject({
        status: 'failed',
        message: expect.stringMatching(/step unpack exited with 1: not enough room in .* expected 1\d+ KiB/) as string,
      });
      expect(leftovers(installation.data['ram'] ?? dir)).toEqual(before);
    }));

  it('fails when what was prepared is not what was kept', () =>
    withMiniature(async ({ dir }, installation) => {
      writeFileSync(partOf(installation), 'damaged', { flag: 'a' });
      const { read } = await runSize(dir, installation, miniatureSize('part'));
      expect(judgeTrial(read, [0])).toMatchObject({
        status: 'failed',
        message: expect.stringMatching(/step unpack .*checksum did NOT match/i) as string,
      });
    }));

  it('is killed by signal 9 when make is', () =>
    withMiniature(async ({ dir }, installation) => {
      const kill = (steps: Step[]): Step[] =>
        steps.map((step) =>
          step.name === 'compile' ? { ...step, argv: ['sh', `${dir}/build.sh`, 'sh', '-c', 'kill -9 $$'] } : step,
        );
      const { read, readings } = await runSize(dir, installation, miniatureSize('part'), kill);
      expect(judgeTrial(read, [0])).toMatchObject({
        message: expect.stringMatching(/^step compile was killed by signal 9/) as string,
      });
      expect(readings[0]).toMatchObject({
        missing: expect.stringMatching(/^step compile was killed by signal 9/) as string,
      });
    }));
});

describe.skipIf(noSource)(`a trial on Debian’s sources${noSource ? `: needs ${debian}${why}` : ''}`, () => {
  it('builds a part of the kernel', { timeout: 300_000 }, async () => {
    const mini = openMiniature();
    try {
      const installation = await install({ executor: here, dir: mini.dir, cpus: [0, 1], toolDirs: [] });
      expect(installation.tools['linux-source']?.version).toMatch(/^6\.1\.\d+$/);
      const size = { ...sizes.quick, targets: ['lib/crypto/'], products: ['lib/crypto/built-in.a'], leastObjects: 3 };
      const { read, readings } = await runSize(mini.dir, installation, size);
      expect(readings.filter((reading) => 'missing' in reading)).toEqual([]);
      const compile = read.steps.find(({ name }) => name === 'compile');
      expect([compile?.stdout.text, compile?.stderr.text]).toEqual(['', '']);
    } finally {
      mini.remove();
    }
  });
});
