import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Installation, SuiteGuest } from '../../../harness/types.js';
import { lmbench } from '../../../suites/lmbench/index.js';
import { fakeTool, newGuest, thisMachine } from './guest.js';

const compiler = spawnSync('cc', ['--version']).status === 0;
const made: string[] = [];

function guest(about: Partial<SuiteGuest> = {}): SuiteGuest {
  const fresh = newGuest(about);
  made.push(fresh.dir);
  return fresh;
}

let common: SuiteGuest | undefined;
/** One guest for tests that change nothing in it: building takes a second. */
function shared(): SuiteGuest {
  return (common ??= guest());
}

let installed: Promise<Installation> | undefined;
/** Path of the probe in the shared guest. */
async function probeOf(): Promise<string> {
  const { tools } = await (installed ??= lmbench.install(shared()));
  return tools['bench-probe']?.path ?? '';
}

/** A guest of its own that has the probes already. */
async function builtGuest(): Promise<SuiteGuest> {
  await probeOf();
  const fresh = guest();
  cpSync(shared().dir, fresh.dir, { recursive: true });
  return fresh;
}

afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(!compiler)('the probes (skipped without a C compiler, package gcc)', () => {
  it('are built once, and print what they are', async () => {
    const here = shared();
    const first = await (installed ??= lmbench.install(here));
    expect(first.tools['bench-probe']).toMatchObject({ origin: 'project', linkage: '1' });
    expect(first.tools['bench-probe']?.version).toMatch(/^sources [0-9a-f]{16}$/);
    expect(first.tools['sh']?.path).toMatch(/^\//);
    const built = statSync(first.tools['bench-probe']?.path ?? '').mtimeMs;
    if (first.tools['lat_proc'] === undefined) expect(first.env).toEqual({});
    expect(await lmbench.install(here)).toEqual(first);
    expect(statSync(first.tools['bench-probe']?.path ?? '').mtimeMs).toBe(built);
  });

  it('are built again when a source changes; what may still run is left alone', async () => {
    const here = await builtGuest();
    const before = await lmbench.install(here);
    writeFileSync(join(here.dir, 'child.c'), 'int main(void) { return 0; }\n');
    const after = await lmbench.install(here);
    expect(after.tools['bench-probe']?.path).not.toBe(before.tools['bench-probe']?.path);
    expect(existsSync(before.tools['bench-probe']?.path ?? '')).toBe(true);
  });

  it.each([
    ['process', 'fork'],
    ['ctx', '2', '0'],
    ['syscall', 'null'],
    ['signal', 'catch'],
    ['exchange', 'pipe'],
    ['exchange', 'udp'],
    ['connect'],
    ['select', 'tcp', '10'],
    ['stream', 'unix'],
    ['fault', 'anonymous', '1'],
    // A difference of two measurements may come out below zero on a machine that is very busy.
  ])('%s %s prints one line and leaves no process', { retry: 3 }, async (...args) => {
    const probe = await probeOf();
    const { stdout, stderr, status } = spawnSync(probe, ['-n', '11', '-i', '2000', ...args], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^probe [a-z0-9-]+ (?:us|MB\/s) \d+\.\d{6} n 11 min \S+ q1 \S+ q3 \S+ max \S+\n$/);
    expect(processesOf(probe)).toEqual([]);
  });

  it('end with their children when they are killed', async () => {
    const probe = await probeOf();
    spawnSync(probe, ['-i', '10000000', 'ctx', '8', '4'], { timeout: 300, killSignal: 'SIGKILL' });
    await expect.poll(() => processesOf(probe), { timeout: 5000 }).toEqual([]);
  });

  it.each([
    [1, ['process', 'exec', '/nonexistent'], 'bench-probe: the child program cannot be executed'],
    [1, ['syscall', 'stat', '/nonexistent'], 'bench-probe: /nonexistent: No such file or directory'],
    [1, ['mmap', '1', '/dev/null'], 'bench-probe: the file is too small'],
    [2, ['ctx', '1', '0'], 'bench-probe: expected a number from 2 to 512, found 1'],
    [2, ['-n', '0', 'process', 'fork'], 'bench-probe: expected a number from 1 to 100000, found 0'],
    [2, ['nonsense'], 'usage: bench-probe'],
  ])('code %d for %j', async (code, args, message) => {
    const { stdout, stderr, status } = spawnSync(await probeOf(), args, { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: code });
    expect(stderr.split('\n')[0]).toContain(message);
  });
});

/** Undefined for a process that has ended, or is the kernel's. */
function programOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

function processesOf(path: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => programOf(pid) === path);
}

describe.skipIf(!compiler)("the target's own lmbench (skipped without a C compiler, package gcc)", () => {
  /** A directory of programs that behave as lmbench's do, as far as `install` checks. */
  function tools(dir: string, extra: Readonly<Record<string, string>> = {}): string {
    const own = join(dir, "its tools' directory");
    const scripts = { lat_proc: 'exit 0', hello: 'echo Hello', enough: 'echo 5000', timing_o: 'echo 0', ...extra };
    for (const [name, script] of Object.entries(scripts)) fakeTool(join(own, name), script);
    return own;
  }

  it('is found in the configured directory, and calibrated once', async () => {
    const here = await builtGuest();
    const directory = tools(here.dir, { loop_o: `echo x >>"${here.dir}/calls"; echo 0.00000063` });
    const first = await lmbench.install({ ...here, toolDirs: ['/nonexistent', directory] });
    expect(first.tools['lat_proc']).toMatchObject({
      path: join(directory, 'lat_proc'),
      origin: 'target',
      linkage: 'script',
    });
    expect(first.env).toEqual({ ENOUGH: '5000', TIMING_O: '0', LOOP_O: '0.00000063' });
    await lmbench.install({ ...here, toolDirs: ['/nonexistent', directory] });
    expect(execFileSync('cat', [join(here.dir, 'calls')], { encoding: 'utf8' })).toBe('x\n');
  });

  it('is found on PATH', async () => {
    const here = await builtGuest();
    const directory = tools(here.dir);
    const executor = thisMachine({ PATH: `${directory}:${process.env['PATH'] ?? ''}` });
    const { tools: found } = await lmbench.install({ ...here, executor });
    expect(found['lat_proc']?.path).toBe(join(directory, 'lat_proc'));
  });

  it('is found below the directory that holds its sources and binaries', async () => {
    const here = await builtGuest();
    mkdirSync(join(here.dir, 'lmbench3', 'bin'), { recursive: true });
    symlinkSync(tools(here.dir), join(here.dir, 'lmbench3', 'bin', 'x86_64-linux-gnu'));
    const { tools: found } = await lmbench.install({ ...here, toolDirs: [join(here.dir, 'lmbench3')] });
    expect(found['lat_proc']?.path).toBe(join(here.dir, 'lmbench3', 'bin', 'x86_64-linux-gnu', 'lat_proc'));
  });

  it("uses its script's defaults when it cannot calibrate", async () => {
    const here = await builtGuest();
    const installation = await lmbench.install({ ...here, toolDirs: [tools(here.dir)] });
    expect(installation.env).toEqual({ ENOUGH: '1000000', TIMING_O: '0', LOOP_O: '0' });
    expect(installation.data['calibration']).toMatch(/defaults/);
  });

  it.each([
    ['garbage', 'echo -n 12x4', /could not be calibrated: "enough printed \\?"12x4\\?" where a number was expected"/],
    ['nothing', 'true', /could not be calibrated: "enough printed/],
    ['a failure', 'echo no luck >&2; exit 3', /could not be calibrated: "no luck"/],
    ['nonsense', 'echo 0.1', /could not be calibrated: it computed/],
  ])('reports that calibration prints %s', async (_, script, message) => {
    const here = await builtGuest();
    const directory = tools(here.dir, { enough: script, loop_o: 'echo 0' });
    await expect(lmbench.install({ ...here, toolDirs: [directory] })).rejects.toThrow(message);
  });
});

describe('a guest that has no compiler', () => {
  it('gets the names of missing packages', async () => {
    const here = guest();
    const bin = join(here.dir, 'bin');
    mkdirSync(bin);
    for (const name of ['sh', 'ls', 'cat', 'head', 'tail', 'grep', 'cut', 'readlink', 'uname', 'sha256sum']) {
      const [path = ''] = ['/usr/bin', '/bin'].map((directory) => join(directory, name)).filter(existsSync);
      symlinkSync(path, join(bin, name));
    }
    const message = await lmbench.install({ ...here, executor: thisMachine({ PATH: bin }) }).then(
      () => 'installed',
      (error: unknown) => String(error),
    );
    expect(message).toMatch(/neither lmbench 3 nor a C compiler .* gcc and libc6-dev/);
    expect(message).not.toContain('\n');
  });
});
