import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';

// What dist/ has as a packed release, installed as a user would who has nothing else: its dependencies come from the
// registry. Scripts of packages are not needed, and would compile for minutes.

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-install-'));
  mkdirSync(join(folder, 'home'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npm = (cwd: string, ...args: readonly string[]) =>
  spawnSync('npm', [...args, '--cache', join(folder, 'cache')], { cwd, encoding: 'utf8', timeout: 300_000 });
const registry = spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=10000'], { cwd: root }).status === 0;

const built = existsSync(join(root, 'dist/man/bench.1'));

describe.skipIf(!registry || !built)('the packed release (needs a package registry and `npm run build`)', () => {
  it('is less than 2 MB, and installs as bench with all that it needs', { timeout: 600_000 }, () => {
    const packed = npm(root, 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder);
    expect(packed.status, packed.stderr).toBe(0);
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    expect(statSync(join(folder, tarball)).size).toBeLessThan(2_000_000);
    const prefix = join(folder, 'prefix');
    const installed = npm(
      folder,
      'install',
      '--global',
      '--ignore-scripts',
      '--prefix',
      prefix,
      '--no-audit',
      '--no-fund',
      `./${tarball}`,
    );
    expect(installed.status, installed.stderr).toBe(0);

    const bench = (...args: readonly string[]) =>
      spawnSync(join(prefix, 'bin/bench'), args, {
        cwd: join(folder, 'home'),
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: join(folder, 'home') },
      });
    expect(bench('--version').stdout).toMatch(/^\d+\.\d+/);
    const published = bench('import', '--published', 'soltesz2007');
    expect(published.status, published.stderr).toBe(0);
    expect(bench('report').status).toBe(0);
    expect(readFileSync(join(folder, 'home/runs/report.html'), 'utf8')).toContain('@font-face');
    // The canvas is in the tarball: the package of that name in the registry would be compiled.
    const drawn = bench('report', '--figures', 'figures', '--figure-format', 'png');
    expect(drawn.status, drawn.stderr).toBe(0);
    expect(bench('completion', 'bash').stdout).toContain('complete -F _bench bench');

    const files = join(prefix, 'lib/node_modules/bench-virtualization');
    for (const path of ['hosts.example.json', 'README.md', 'dist/harness/agent', 'dist/harness/lab/lab-init.c']) {
      expect(existsSync(join(files, path)), path).toBe(true);
    }
    expect(readFileSync(join(prefix, 'share/man/man1/bench.1'), 'utf8')).toMatch(/^\.TH BENCH 1/);
  });
});
