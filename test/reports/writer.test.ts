import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAssets, writeReport } from '../../reports/index.js';

describe('the writer', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-writer-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes into folders that it makes, over what was there, and leaves nothing else', async () => {
    const path = join(folder, 'a', 'b', 'report.html');
    await writeReport(path, 'first');
    await writeReport(path, 'second');
    expect(await readFile(path, 'utf8')).toBe('second');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['report.html']);
  });

  it('writes to a pipe, as to /dev/null, and does not put a file in its place', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), writeReport(pipe, 'report')]);
    expect(read).toBe('report');
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  it('fails with the system’s error and leaves no half a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeReport(join(folder, 'file', 'report.html'), 'x')).rejects.toThrow(/file/);
    await expect(writeReport(folder, 'x')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('finds templates, style sheet and fonts', async () => {
    const assets = await loadAssets();
    expect(Object.keys(assets.templates)).toContain('report');
    expect(assets.css).toContain('@media print');
    expect(assets.fonts.map((font) => font.weight)).toEqual([400, 600]);
    for (const font of assets.fonts) expect(Buffer.from(font.data, 'base64').subarray(0, 4).toString()).toBe('wOF2');
  });
});
