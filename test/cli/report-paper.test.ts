import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { main } from '../../harness/cli/main.js';
import { outlet } from './captured-printer.js';

const folder = mkdtempSync(join(tmpdir(), 'bench-paper-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function report(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [outlet(), outlet()];
  const own = Object.create(process, {
    argv: { value: [process.execPath, 'bench', 'report', '--runs-dir', join(folder, 'runs'), ...args] },
    stdout: { value: stdout },
    stderr: { value: stderr },
  }) as NodeJS.Process;
  const code = await main(own);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

describe('bench report --published-only', () => {
  it('writes a page of its own, without a run and without names of machines', async () => {
    const path = join(folder, 'runs', 'paper.html');
    expect(await report('--published-only')).toEqual({ code: 0, stdout: `${path}\n`, stderr: '' });
    const html = readFileSync(path, 'utf8');
    expect(html).toContain('<code>bench report --published-only</code>');
    expect(existsSync(join(folder, 'runs', 'report.html'))).toBe(false);
    await report('--published-only', '--out', join(folder, 'again.html'));
    expect(readFileSync(join(folder, 'again.html'), 'utf8')).toBe(html);
  });

  it('shows one exhibit in each format', async () => {
    for (const format of ['text', 'md', 'csv', 'json']) {
      const { code, stdout } = await report('--published-only', '--exhibit', 'table-3', '--format', format);
      expect(code).toBe(0);
      expect(stdout).toContain('15.51');
      expect(stdout).not.toContain('1893.3');
    }
  });

  test.each([
    [['latest'], 'latest'],
    [['--baseline', 'linux-up'], '--baseline'],
    [['--embed', 'all'], '--embed'],
    [['--with-emulated'], '--with-emulated'],
    [['--interactive'], '--interactive'],
  ])('refuses %j', async (args, found) => {
    const { code, stderr } = await report('--published-only', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain('--published-only shows what the paper states');
    expect(stderr).toContain(found);
  });
});
