import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putAll, tarOf, type ArchivedFile } from '../../harness/connect/archive.js';
import { connectLocal } from '../../harness/connect/local.js';
import type { Command, Executor } from '../../harness/types.js';
import { HOSTILE } from './hostile.js';

const here = connectLocal();
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bench-archive-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => (index * 7919) % 256));
const FILES: readonly ArchivedFile[] = [
  { name: 'empty', content: '', mode: 0o644 },
  { name: 'deep/er/block', content: bytes(512), mode: 0o755 },
  { name: `odd ${HOSTILE.filter((word) => !word.includes('/')).join('')}`.slice(0, 40), content: 'ü\n', mode: 0o600 },
  { name: 'long'.repeat(24), content: bytes(513), mode: 0o644 },
  { name: '.complete', content: '', mode: 0o644 },
];

describe('an archive', () => {
  it('is unpacked to the bytes and permissions of its files, with one command, the second time, too', async () => {
    let commands = 0;
    const counting: Executor = {
      ...here,
      exec: (command) => {
        commands += 1;
        return here.exec(command);
      },
    };
    const to = join(dir, "it's -here");
    for (const round of [1, 2]) {
      await putAll(counting, to, FILES);
      expect(commands).toBe(round);
      for (const { name, content, mode } of FILES) {
        expect((await readFile(join(to, name))).equals(Buffer.from(content))).toBe(true);
        expect((await stat(join(to, name))).mode & 0o777).toBe(mode);
      }
    }
    // A time that was sent could be in the future of a machine's clock, which make(1) complains about.
    expect(Date.now() - (await stat(join(to, 'empty'))).mtimeMs).toBeLessThan(600_000);
  });

  it('that is cut short is an error, and its last file is not there, neither an earlier one', async () => {
    const to = join(dir, 'cut');
    await putAll(here, to, FILES);
    const whole = tarOf(FILES).length;
    for (const length of [0, 100, 512, 1500, whole - 3 * 512]) {
      const cut = (command: Command): Command => ({ ...command, stdin: tarOf(FILES).slice(0, length) });
      const cutting: Executor = { ...here, exec: (command) => here.exec(cut(command)) };
      await expect(putAll(cutting, to, FILES)).rejects.toThrow(/stage prepare: cannot unpack 5 files into/);
      await expect(stat(join(to, '.complete'))).rejects.toThrow('ENOENT');
    }
  });

  it.each(['', '/etc/passwd', '../up', 'a/../../up', 'x'.repeat(100), 'nul\0'])('has no file %j', (name) => {
    expect(() => tarOf([{ name, content: '', mode: 0o644 }])).toThrow('not a name for a file of an archive');
  });

  it('reports why it cannot be unpacked', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(putAll(here, join(dir, 'file', 'below'), FILES)).rejects.toThrow(/Not a directory/);
  });

  it('of no files is no command', async () => {
    const never: Executor = { ...here, exec: () => Promise.reject(new Error('called')) };
    await putAll(never, dir, []);
  });
});
