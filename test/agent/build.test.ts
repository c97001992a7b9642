import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAgent, installAgent } from '../../harness/agent/build.js';
import { BenchError } from '../../harness/errors.js';
import type { Command, Executor } from '../../harness/types.js';
import { here, openBench, type Bench } from './fixture.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.remove());

/** A host on which some commands end otherwise than here. `seen` collects the programs that were run. */
function host(
  other: (argv: readonly string[]) => Partial<{ code: number; stderr: string }> | undefined,
  seen: string[] = [],
): Executor {
  return {
    ...here,
    exec: (command: Command) => {
      seen.push(command.argv[0]);
      const ending = other(command.argv);
      if (ending === undefined) return here.exec(command);
      const { code = 0, stderr = '' } = ending;
      return Promise.resolve({
        exit: { kind: 'code', code },
        stdout: '',
        stderr,
        stdoutBytes: new Uint8Array(),
        durationMs: 1,
      });
    },
  };
}

const isCompiler = (program: string | undefined): boolean => program === 'cc' || program === 'gcc';

describe('building', () => {
  it('compiles once, and leaves only the program', async () => {
    const seen: string[] = [];
    const again = await buildAgent(
      host(() => undefined, seen),
      bench.dir,
    );
    expect(again.path).toBe(bench.agent);
    expect(seen.some(isCompiler)).toBe(false);
    const folders = await readdir(join(bench.dir, 'bin'));
    expect(folders).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(await readdir(join(bench.dir, 'bin', folders[0] ?? ''))).toEqual(['bench-agent']);
  });

  it('names the packages where there is no compiler', async () => {
    const bare = host(([program]) => (isCompiler(program) ? { code: 127 } : undefined));
    await expect(buildAgent(bare, bench.trial('no-compiler'))).rejects.toThrow(
      /stage prepare: there is no C compiler on local.*gcc and libc6-dev.*bench prepare/,
    );
  });

  it('names the packages where the compiler has no headers, in the words of the compiler', async () => {
    const words = 'agent.h:8:10: fatal error: errno.h: No such file or directory';
    const bare = host((argv) => (isCompiler(argv[0]) && argv.length > 3 ? { code: 1, stderr: words } : undefined));
    await expect(buildAgent(bare, bench.trial('no-headers'))).rejects.toThrow(/errno\.h: No such file.*libc6-dev/);
    expect(await readdir(join(bench.trial('no-headers'), 'bin'))).toEqual([]);
  });

  it('links dynamically where there is no static library, says so, and finds that again', async () => {
    const poor = host((argv) => (argv.includes('-static') ? { code: 1, stderr: 'cannot find -lc' } : undefined));
    const built = await buildAgent(poor, bench.trial('no-static'));
    expect(built.linkage).toBe('dynamic');
    expect(built.path).not.toBe(bench.agent);
    expect(await buildAgent(here, bench.trial('no-static'))).toEqual(built);
  });

  it('builds anew over a program that was damaged', async () => {
    const dir = bench.trial('damaged');
    const built = await buildAgent(here, dir);
    await here.put({ path: built.path, content: 'garbage', mode: 0o755 });
    expect(await buildAgent(here, dir)).toEqual(built);
  });

  it('compiles without a warning, with everything that the compiler can say', async () => {
    const sources = fileURLToPath(new URL('../../harness/agent/', import.meta.url));
    const names = ['agent.c', 'trial.c', 'spec.c', 'result.c', 'process.c', 'directory.c'].map((name) =>
      join(sources, name),
    );
    const strict = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-D_FORTIFY_SOURCE=2'];
    const result = await here.exec({ argv: ['cc', ...strict, '-o', join(bench.dir, 'strict'), ...names] });
    expect(result).toMatchObject({ exit: { kind: 'code', code: 0 }, stderr: '' });
  });
});

describe('installing', () => {
  it('puts the same program into a guest, once', async () => {
    const built = await buildAgent(here, bench.dir);
    const guestDir = bench.trial('guest');
    const { path } = await installAgent(here, guestDir, here, built);
    expect(path).toBe(`${guestDir}/bin/${built.sha256.slice(0, 16)}/bench-agent`);
    const gone: Executor = { ...here, get: () => Promise.reject(new Error('asked for again')) };
    expect(await installAgent(here, guestDir, gone, built)).toEqual({ path });
  });

  it('refuses a program that changed since it was built', async () => {
    const built = await buildAgent(here, bench.dir);
    const other = { ...built, sha256: '0'.repeat(64) };
    await expect(installAgent(here, bench.trial('other'), here, other)).rejects.toThrow(/changed since it was built/);
  });

  it('says what may be wrong where the program does not run', async () => {
    const built = await buildAgent(here, bench.dir);
    const deaf = host((argv) => (argv[1] === 'version' ? { code: 126 } : undefined));
    const dynamic = { ...built, linkage: 'dynamic' as const };
    await expect(installAgent(deaf, bench.trial('deaf'), here, built)).rejects.toThrow(/noexec/);
    await expect(installAgent(deaf, bench.trial('deaf'), here, dynamic)).rejects.toThrow(/no static C library/);
  });

  it('does not take a lost connection for a missing program', async () => {
    const error = new BenchError({ stage: 'connect', message: 'lost' }, { transport: true });
    const lost: Executor = { ...here, exec: () => Promise.reject(error) };
    await expect(buildAgent(lost, bench.dir)).rejects.toBe(error);
  });
});
