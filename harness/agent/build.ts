import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { BenchError } from '../errors.js';
import type { ExecResult, Executor } from '../types.js';
import { knownHere, type KnownAgents } from './known.js';

/** An agent that was compiled on a host. */
export interface BuiltAgent {
  /** Absolute, on the host that built it. */
  readonly path: string;
  /** SHA-256 of the program, in hexadecimal. */
  readonly sha256: string;
  /** `dynamic` where the host has no static C library: the guests then need a compatible C library. */
  readonly linkage: 'static' | 'dynamic';
}

const MODULES = [
  'base',
  'spec',
  'process',
  'lineage',
  'descendants',
  'directory',
  'result',
  'step',
  'background',
  'trial',
];
/** Names of the C files, in the folder of this file. */
export const SOURCES = ['agent.c', ...MODULES.map((name) => `${name}.c`)];
const HEADERS = MODULES.map((name) => `${name}.h`);
/** No warnings here: those of another compiler must not hide the error that a message quotes. Tests demand none. */
const FLAGS = ['-std=c99', '-O2', '-w'] as const;
/** Before glibc 2.17 the clocks are in a library of their own, which later ones still have, empty. */
const LIBRARIES = ['-lrt'] as const;
const LINKAGES = ['static', 'dynamic'] as const;
const VERSION = 'bench-agent 1\n';
const PACKAGES_HINT = 'install the Debian packages gcc and libc6-dev there, or run `bench prepare`';

/**
 * Compiles the agent on a host as `<workDir>/bin/<hash of sources and flags>/bench-agent`, unless it is there with the
 * checksum that `known` has of it, and runs: any other program there may be a planted one, is not run, and is replaced.
 * It is built under another name, run once for its version, and renamed. Rejects with stage `prepare` where there is no
 * compiler, naming the packages to install.
 */
export async function buildAgent(host: Executor, workDir: string, known: KnownAgents = knownHere): Promise<BuiltAgent> {
  const files = await Promise.all([...SOURCES, ...HEADERS].map(readSource));
  for (const linkage of LINKAGES) {
    const path = cachePath(workDir, files, linkage);
    const sha256 = await known.recall(host.where, path);
    if (sha256 === undefined || (await checksumOf(host, path)) !== sha256) continue;
    if (await answers(host, path)) return { path, linkage, sha256 };
  }
  const compiler = await findCompiler(host);
  const folder = await makeFolder(host, `${workDir}/bin`);
  try {
    for (const { name, text } of files) await host.put({ path: `${folder}/${name}`, content: text });
    const linkage = await compile(host, compiler, folder);
    const path = cachePath(workDir, files, linkage);
    await succeed(host, 'the directory of the agent could not be made', ['mkdir', '-p', path.replace(/\/[^/]*$/, '')]);
    await succeed(host, 'the agent could not be put in place', ['mv', '-f', `${folder}/bench-agent`, path]);
    const sha256 = await checksum(host, path);
    await known.remember(host.where, path, sha256);
    return { path, linkage, sha256 };
  } finally {
    await attempt(host, ['rm', '-rf', '--', folder]);
  }
}

/**
 * Copies the program that `from` built into a guest, as `<guestWorkDir>/bin/<its hash>/bench-agent`, unless it is there
 * with the same checksum and runs. `path` is absolute in the guest.
 */
export async function installAgent(
  guest: Executor,
  guestWorkDir: string,
  from: Executor,
  built: BuiltAgent,
): Promise<{ readonly path: string }> {
  const path = `${guestWorkDir}/bin/${built.sha256.slice(0, 16)}/bench-agent`;
  if ((await checksumOf(guest, path)) === built.sha256 && (await answers(guest, path))) return { path };
  const content = await from.get(built.path);
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== built.sha256) {
    const message = `the agent on ${from.where} changed since it was built`;
    throw new BenchError({ stage: 'install', message, expected: built.sha256, found });
  }
  await guest.put({ path, content, mode: 0o755 });
  if (await answers(guest, path)) return { path };
  throw new BenchError({
    stage: 'install',
    message: `the agent does not run on ${guest.where}`,
    expected: `${path} version answers ${VERSION.trim()}`,
    hint:
      built.linkage === 'dynamic'
        ? `it is linked dynamically because ${from.where} has no static C library: install one there (Debian: libc6-dev)`
        : 'is its work directory mounted noexec, or the processor another one?',
  });
}

async function readSource(name: string): Promise<{ readonly name: string; readonly text: string }> {
  return { name, text: await readFile(new URL(`./${name}`, import.meta.url), 'utf8') };
}

function cachePath(workDir: string, files: readonly { name: string; text: string }[], linkage: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([FLAGS, LIBRARIES, linkage, files]))
    .digest('hex');
  return `${workDir}/bin/${hash.slice(0, 16)}/bench-agent`;
}

/** Undefined if the program does not exist: exit code 127 where a shell starts it, a rejection elsewhere. */
async function attempt(executor: Executor, argv: readonly [string, ...string[]]): Promise<ExecResult | undefined> {
  try {
    const result = await executor.exec({ argv, timeoutMs: 120_000 });
    return result.exit.kind === 'code' && result.exit.code === 127 ? undefined : result;
  } catch (error) {
    if (error instanceof BenchError && !error.transport) return undefined;
    throw error;
  }
}

function isSuccess(result: ExecResult | undefined): boolean {
  return result?.exit.kind === 'code' && result.exit.code === 0;
}

async function answers(executor: Executor, path: string): Promise<boolean> {
  const result = await attempt(executor, [path, 'version']);
  return isSuccess(result) && result?.stdout === VERSION;
}

async function succeed(host: Executor, message: string, argv: readonly [string, ...string[]]): Promise<string> {
  const result = await host.exec({ argv, timeoutMs: 120_000 });
  if (isSuccess(result)) return result.stdout;
  throw new BenchError({ stage: 'prepare', message: `${message} on ${host.where}`, found: excerpt(result.stderr) });
}

/** Undefined where there is no such file, or no sha256sum(1). */
async function checksumOf(host: Executor, path: string): Promise<string | undefined> {
  const result = await attempt(host, ['sha256sum', path]);
  return isSuccess(result) ? readChecksum(result?.stdout ?? '') : undefined;
}

/** A backslash marks a name with escapes in it. */
const readChecksum = (printed: string): string | undefined => /^\\?([0-9a-f]{64}) /.exec(printed)?.[1];

async function checksum(host: Executor, path: string): Promise<string> {
  const printed = await succeed(host, 'the agent could not be read', ['sha256sum', path]);
  const sum = readChecksum(printed);
  if (sum !== undefined) return sum;
  throw new BenchError({
    stage: 'prepare',
    message: `sha256sum on ${host.where} printed no checksum`,
    found: excerpt(printed),
  });
}

async function findCompiler(host: Executor): Promise<string> {
  for (const name of ['cc', 'gcc']) if (isSuccess(await attempt(host, [name, '--version']))) return name;
  throw new BenchError({
    stage: 'prepare',
    message: `there is no C compiler on ${host.where}, which the agent needs`,
    expected: 'cc or gcc in PATH',
    hint: PACKAGES_HINT,
  });
}

async function makeFolder(host: Executor, parent: string): Promise<string> {
  await succeed(host, 'the work directory could not be made', ['mkdir', '-p', parent]);
  const folder = (await succeed(host, 'no room to build the agent', ['mktemp', '-d', `${parent}/build.XXXXXX`])).trim();
  if (folder.startsWith(`${parent}/build.`) && !folder.includes('\n')) return folder;
  throw new BenchError({
    stage: 'prepare',
    message: `mktemp on ${host.where} printed no path`,
    found: excerpt(folder),
  });
}

/** Links statically if that works and the program runs, else dynamically. */
async function compile(host: Executor, compiler: string, folder: string): Promise<BuiltAgent['linkage']> {
  let complaint = '';
  for (const linkage of LINKAGES) {
    const program = `${folder}/bench-agent`;
    const flags = linkage === 'static' ? [...FLAGS, '-static'] : FLAGS;
    const result = await attempt(host, [
      compiler,
      ...flags,
      '-o',
      program,
      ...SOURCES.map((name) => `${folder}/${name}`),
      ...LIBRARIES,
    ]);
    if (isSuccess(result) && (await answers(host, program))) return linkage;
    complaint = result?.stderr ?? '';
  }
  throw new BenchError({
    stage: 'prepare',
    message: `the agent could not be compiled on ${host.where}`,
    found: excerpt(complaint),
    hint: PACKAGES_HINT,
  });
}

function excerpt(text: string): string {
  const line = text.split('\n').find((candidate) => /error|cannot|No |not /.test(candidate)) ?? text;
  return JSON.stringify(line.slice(0, 200));
}
