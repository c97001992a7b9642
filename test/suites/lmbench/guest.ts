import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecResult, Executor, SuiteGuest } from '../../../harness/types.js';
import { lmbench } from '../../../suites/lmbench/index.js';

/** This machine as an executor, with an environment of its own; just enough for `install`. */
export function thisMachine(env: Readonly<Record<string, string>> = {}): Executor {
  return {
    where: 'this machine',
    exec: ({ argv: [program, ...args], cwd }) =>
      new Promise<ExecResult>((resolve) => {
        const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, cwd, encoding: 'buffer' as const };
        const child = execFile(program, args, options, (_, stdout, stderr) => {
          resolve({
            exit:
              child.signalCode === null
                ? { kind: 'code', code: child.exitCode ?? 127 }
                : { kind: 'signal', signal: child.signalCode },
            stdout: stdout.toString('utf8'),
            stderr: stderr.toString('utf8'),
            stdoutBytes: stdout,
            durationMs: 0,
          });
        });
      }),
    put: ({ path, content, mode }) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { mode: mode ?? 0o644 });
      return Promise.resolve();
    },
    get: (path) => Promise.resolve(readFileSync(path)),
  };
}

/** A guest with the suite's files in a folder of its own. */
export function newGuest(about: Partial<SuiteGuest> = {}): SuiteGuest {
  const dir = mkdtempSync(join(tmpdir(), 'bench-lmbench-'));
  for (const { name, source } of lmbench.needs.files) copyFileSync(fileURLToPath(source), join(dir, name));
  return { executor: thisMachine(), dir, cpus: [0], toolDirs: [], ...about };
}

/** Creates a program that prints a given text, at `path`, with its directory. */
export function fakeTool(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
