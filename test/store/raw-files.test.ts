import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRun, loadRun, sha256 } from '../../harness/store/index.js';
import { MAX_RAW_BYTES, splitRawFile } from '../../harness/trial/raw-file.js';
import type { LoadedRun } from '../../harness/types.js';
import { created, plan, record } from './stored-run.js';

let runsDir: string;
beforeEach(async () => {
  runsDir = await mkdtemp(join(tmpdir(), 'bench-raw-'));
});
afterEach(() => rm(runsDir, { recursive: true, force: true }));

/** A run with a trial for each of these contents. */
async function runWith(contents: readonly Uint8Array[]): Promise<LoadedRun> {
  const run = await createRun(runsDir, plan, created);
  for (const [index, bytes] of contents.entries()) {
    await run.record(record(`t000${index + 1}`, [await run.keep(`t000${index + 1}.1.txt`, bytes)]));
  }
  await run.close();
  return loadRun(runsDir, run.id);
}

describe('raw files of a run', () => {
  it('are not kept in memory when a run is read', async () => {
    const bytes = MAX_RAW_BYTES / 2;
    const contents = [1, 2, 3, 4, 5].map((value) => Buffer.alloc(bytes, value));
    const { id } = await runWith(contents);
    const before = process.memoryUsage().arrayBuffers;
    const run = await loadRun(runsDir, id);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(bytes);
    expect(run.raw.size).toBe(contents.length);
    expect(run.raw.get('raw/t0003.1.txt')?.[0]).toBe(3);
    expect([...run.raw].map(([path, { length }]) => [path, length])).toContainEqual(['raw/t0005.1.txt', bytes]);
  });

  it('are limited, also those of a stranger', async () => {
    const run = await createRun(runsDir, plan, created);
    await expect(run.keep('t0001.1.txt', Buffer.alloc(MAX_RAW_BYTES + 1))).rejects.toThrow(
      `t0001.1.txt is too large (expected at most ${MAX_RAW_BYTES}, found ${MAX_RAW_BYTES + 1} bytes)`,
    );
    const artifact = await run.keep('t0001.1.txt', Buffer.from('x'));
    const bytes = 2 ** 32;
    await run.record(record('t0001', [{ ...artifact, bytes }]));
    await run.close();
    const file = await open(join(run.directory, artifact.path), 'r+');
    await file.truncate(bytes);
    await file.close();
    const { damage, raw } = await loadRun(runsDir, run.id);
    expect(damage).toEqual([`${artifact.path}: has ${bytes} bytes, at most ${MAX_RAW_BYTES} are read`]);
    expect(raw.get(artifact.path)).toBeUndefined();
  });

  it('are not given when they changed after they were checked', async () => {
    const run = await runWith([Buffer.from('one'), Buffer.from('two')]);
    await writeFile(join(run.directory, 'raw/t0001.1.txt'), 'One');
    expect(run.damage).toEqual([]);
    expect(run.raw.get('raw/t0001.1.txt')).toBeUndefined();
    expect([...run.raw.values()].map((bytes) => sha256(bytes))).toEqual([sha256('two')]);
  });

  it('have a limited number of parts', () => {
    const file = Buffer.from(`bench-raw/1\n${'==> a 0\n\n'.repeat(5000)}`);
    expect(() => splitRawFile('raw/t0001.1.txt', file)).toThrow('raw/t0001.1.txt:8194: expected at most 4096 parts');
  });
});
