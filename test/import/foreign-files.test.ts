import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectFiles } from '../../harness/import/foreign-files.js';
import { importedRun } from '../../harness/import/imported.js';
import { knownFiles } from '../../harness/import/known-files.js';
import { recordRun } from '../../harness/import/record-run.js';
import { listRuns } from '../../harness/store/index.js';
import { osdb } from '../../suites/osdb/index.js';
import { fixtureOf } from '../suites/printed.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-foreign-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

it.each([
  ['a mark', Buffer.from('\ufeffreal 1\n', 'utf16le')],
  ['no mark', Buffer.from('real 1\n', 'utf16le')],
  ['a mark of big-endian', Buffer.from('\ufeffreal 1\n', 'utf16le').swap16()],
])('names UTF-16 with %s', async (_, bytes) => {
  await expect(collectFiles([write('time.txt', bytes)])).rejects.toThrow(
    /time\.txt is text in UTF-16 \(expected UTF-8/,
  );
});

it('reports a file that cannot be read as an error of the request', async () => {
  await expect(collectFiles(['/proc/self/mem'])).rejects.toMatchObject({
    problem: { stage: 'config', message: expect.stringMatching(/^cannot import \/proc\/self\/mem: /) as string },
  });
});

it('reports a folder of runs that is a file as an error of the request', async () => {
  await expect(listRuns(write('runs', ''))).rejects.toMatchObject({
    problem: { stage: 'config', expected: 'a folder', found: 'a file' },
  });
});

const target = { id: 'xen-up', host: 'elsewhere', platform: 'xen', shape: { cpus: [0] }, options: {} } as const;
const importAs = async (name: string) => {
  const files = await collectFiles([write(name, fixtureOf('osdb', 'timed.stdout').text)]);
  const foreign = importedRun({ suite: osdb, target, files, by: 'me', now: new Date(0) });
  return recordRun(join(folder, 'runs'), foreign, new Date(0));
};

it('imports the same bytes under another name as the same measurement', async () => {
  const first = await importAs('one.txt');
  expect(await importAs('two.txt')).toEqual({ ...first, before: true });
});

describe('a file that a run has already', () => {
  const runs = (): string => join(folder, 'runs');

  it('is found under another name and with other files beside it', async () => {
    const { run } = await importAs('one.txt');
    const files = await collectFiles([
      write('other.txt', fixtureOf('osdb', 'fixed.stdout').text),
      write('two.txt', fixtureOf('osdb', 'timed.stdout').text),
    ]);
    expect(await knownFiles(runs(), files, { suite: 'osdb', target: 'xen-up' })).toEqual([
      { file: files[1], run, path: 'raw/one.txt' },
    ]);
    expect(await knownFiles(runs(), files, { suite: 'iperf', target: 'xen-up' })).toEqual([]);
  });

  it('is refused as output of another target, unless it is too short to tell', async () => {
    const { run } = await importAs('one.txt');
    const other = { suite: 'osdb', target: 'linux-up' };
    const files = await collectFiles([write('two.txt', fixtureOf('osdb', 'timed.stdout').text)]);
    await expect(knownFiles(runs(), files, other)).rejects.toThrow(
      new RegExp(`two\\.txt is the same output as raw/one\\.txt of run ${run} \\(expected output of target linux-up`),
    );
    const short = files.map((file) => ({ ...file, bytes: file.bytes.subarray(0, 100) }));
    expect(await knownFiles(runs(), short, other)).toEqual([]);
  });

  it('does not count in a run that is damaged', async () => {
    const { directory } = await importAs('one.txt');
    writeFileSync(join(directory, 'raw/one.txt'), 'changed');
    const files = await collectFiles([write('two.txt', fixtureOf('osdb', 'timed.stdout').text)]);
    expect(await knownFiles(runs(), files, { suite: 'osdb', target: 'xen-up' })).toEqual([]);
  });
});
