import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAgent, installAgent } from '../../harness/agent/build.js';
import { knownAgents, knownHere } from '../../harness/agent/known.js';
import { BenchError } from '../../harness/errors.js';
import type { Command, Executor } from '../../harness/types.js';
import { plantAgent, sourcePaths, STRICT } from './compiled.js';
import { here, openBench, type Bench } from './fixture.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.remove());

/** A host on which `other` replaces the endings of some commands. `seen` collects the programs that were run. */
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

/** A program that answers as the agent does, and leaves a trace. */
const plant = (path: string): Promise<void> =>
  here.put({ path, content: `#!/bin/sh\n: >'${path}.ran'\necho 'bench-agent 1'\n`, mode: 0o755 });

const isCompiler = (program: string | undefined): boolean => program === 'cc' || program === 'gcc';

describe('building', () => {
  it('compiles once, and leaves only the program; a later process believes it by the checksum written down', async () => {
    const dir = bench.trial('once');
    const memory = bench.trial('memory');
    const seen: string[] = [];
    const watched = host(() => undefined, seen);
    const known = knownAgents(memory);
    const built = await buildAgent(watched, dir, known);
    expect(seen.some(isCompiler)).toBe(true);
    seen.length = 0;
    expect(await buildAgent(watched, dir, known)).toEqual(built);
    expect(await buildAgent(watched, dir, knownAgents(memory))).toEqual(built);
    expect(seen.some(isCompiler)).toBe(false);
    const folders = await readdir(join(dir, 'bin'));
    expect(folders).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(await readdir(join(dir, 'bin', folders[0] ?? ''))).toEqual(['bench-agent']);
    // Other tests are given what this one compiled.
    expect(basename(dirname(bench.agent))).toBe(folders[0]);
  });

  it('names the packages where there is no compiler', async () => {
    const bare = host(([program]) => (isCompiler(program) ? { code: 127 } : undefined));
    await expect(buildAgent(bare, bench.trial('no-compiler'))).rejects.toThrow(
      /stage prepare: there is no C compiler on local.*gcc and libc6-dev.*bench prepare/,
    );
  });

  it('names the packages where the compiler has no headers, and quotes the compiler', async () => {
    const words = 'agent.h:8:10: fatal error: errno.h: No such file or directory';
    const bare = host((argv) => (isCompiler(argv[0]) && argv.length > 3 ? { code: 1, stderr: words } : undefined));
    await expect(buildAgent(bare, bench.trial('no-headers'))).rejects.toThrow(/errno\.h: No such file.*libc6-dev/);
    expect(await readdir(join(bench.trial('no-headers'), 'bin'))).toEqual([]);
  });

  it('links dynamically where there is no static library, reports that, and finds the program again', async () => {
    const poor = host((argv) => (argv.includes('-static') ? { code: 1, stderr: 'cannot find -lc' } : undefined));
    const built = await buildAgent(poor, bench.trial('no-static'));
    expect(built.linkage).toBe('dynamic');
    expect(built.path).not.toBe(bench.agent);
    expect(await buildAgent(here, bench.trial('no-static'))).toEqual(built);
  });

  it('replaces a damaged program', async () => {
    const dir = bench.trial('damaged');
    const built = await plantAgent(dir, knownHere);
    await here.put({ path: built.path, content: 'garbage', mode: 0o755 });
    expect(await buildAgent(here, dir)).toEqual(built);
  });

  it('does not run a program that it did not build, whatever that answers', async () => {
    const dir = bench.trial('planted');
    const built = await plantAgent(dir, knownAgents());
    await plant(built.path);
    expect(await buildAgent(here, dir, knownAgents())).toEqual(built);
    await expect(stat(`${built.path}.ran`)).rejects.toThrow('ENOENT');
  });

  it('compiles without warnings with -Wall -Wextra -Werror', async () => {
    const flags = [...STRICT, '-O2', '-D_FORTIFY_SOURCE=2'];
    const result = await here.exec({ argv: ['cc', ...flags, '-o', join(bench.dir, 'strict'), ...sourcePaths] });
    expect(result).toMatchObject({ exit: { kind: 'code', code: 0 }, stderr: '' });
  });

  it('has no cycle of includes between its modules', async () => {
    const folder = dirname(sourcePaths[0] ?? '');
    const files = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name));
    expect(files.filter((name) => name.endsWith('.c')).sort()).toEqual(
      sourcePaths.map((path) => basename(path)).sort(),
    );
    const uses = new Map<string, Set<string>>();
    for (const file of files) {
      const module = file.slice(0, -2);
      const included = [...(await readFile(join(folder, file), 'utf8')).matchAll(/^#include "(\w+)\.h"$/gm)];
      const others = included.map(([, name = '']) => name).filter((name) => name !== module);
      uses.set(module, new Set([...(uses.get(module) ?? []), ...others]));
    }
    expect(uses.get('base')).toEqual(new Set());
    for (let left = uses.size; uses.size > 0; left = uses.size) {
      for (const [module, others] of uses) if (![...others].some((other) => uses.has(other))) uses.delete(module);
      expect([...uses.keys()].length, `in a cycle: ${[...uses.keys()].join(', ')}`).toBeLessThan(left);
    }
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

  it('replaces a program that somebody else put there, and does not run it', async () => {
    const built = await buildAgent(here, bench.dir);
    const guestDir = bench.trial('trap');
    const path = `${guestDir}/bin/${built.sha256.slice(0, 16)}/bench-agent`;
    await plant(path);
    expect(await installAgent(here, guestDir, here, built)).toEqual({ path });
    await expect(stat(`${path}.ran`)).rejects.toThrow('ENOENT');
  });

  it('refuses a program that changed since it was built', async () => {
    const built = await buildAgent(here, bench.dir);
    const other = { ...built, sha256: '0'.repeat(64) };
    await expect(installAgent(here, bench.trial('other'), here, other)).rejects.toThrow(/changed since it was built/);
  });

  it('gives the likely reason where the program does not run', async () => {
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
