import { BenchError } from '../errors.js';
import type { Executor, Problem } from '../types.js';
import { printed } from './printed.js';

/** Names of Debian packages (Debian Policy 5.6.7): nothing that apt-get could take for an option or a file. */
const PACKAGE_NAME = /^[a-z0-9][a-z0-9+.-]+$/;

const TOOLS = 'command -v dpkg-query >/dev/null && command -v apt-get >/dev/null && id -u';
const APT = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', 'apt-get', '-o', 'DPkg::Lock::Timeout=300'] as const;
const APT_TIMEOUT_MS = 30 * 60_000;

/**
 * Installs what is missing of these Debian packages, without what they only recommend. Quick when nothing is. None of their
 * services is started but `services`, names of units without their suffix. Throws a `BenchError` of stage `prepare` that
 * names the missing packages where they cannot be installed.
 */
export async function ensurePackages(
  executor: Executor,
  packages: readonly string[],
  services: readonly string[] = [],
): Promise<{ readonly installed: readonly string[] }> {
  const strange = packages.find((name) => !PACKAGE_NAME.test(name));
  if (strange !== undefined) throw failure({ message: 'not the name of a Debian package', found: strange });
  if (packages.length === 0) return { installed: [] };
  const user = (await printed(executor, ['sh', '-c', TOOLS]))?.trim();
  const where = executor.where;
  const hint = `install ${packages.join(', ')} (or what your system calls them) on ${where} by hand`;
  if (user === undefined)
    throw failure({ message: `${where} is not a Debian system: it has no dpkg and apt-get`, hint });
  const missing = await missingPackages(executor, packages);
  if (missing.length === 0) return { installed: [] };
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (user !== '0') {
    const message = `packages are missing on ${where} and only root may install them: ${missing.join(', ')}`;
    throw failure({ message, hint: `run there: sudo ${command}` });
  }
  await install(executor, missing, command, services);
  return { installed: missing };
}

/** Those of these Debian packages that are not installed. */
export async function missingPackages(executor: Executor, packages: readonly string[]): Promise<readonly string[]> {
  const format = '${Package} ${db:Status-Status}\n';
  // Exits 1 when it does not know one of them, and lists the others all the same.
  const { stdout } = await executor.exec({ argv: ['dpkg-query', '-W', '-f', format, '--', ...packages] });
  const present = new Set(stdout.split('\n').flatMap((line) => /^(\S+) installed$/.exec(line)?.[1] ?? []));
  return packages.filter((name) => !present.has(name));
}

/**
 * Packages ask policy-rc.d before they start a service (invoke-rc.d(8)): none is to start, but those of `ALLOW`, shell patterns
 * of unit names. A policy of the machine's own is left as it is.
 */
const QUIETLY = `
policy=/usr/sbin/policy-rc.d
mark='# Written by bench while it installs packages; safe to remove.'
if [ ! -e "$policy" ] && [ ! -L "$policy" ] || grep -qxF "$mark" "$policy"; then
  remove() { rm -f "$policy"; }
  trap remove EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\n%s\\ncase \${1%%.*} in %s) exit 0 ;; esac\\nexit 101\\n' "$mark" "$ALLOW" >"$policy.new" &&
    chmod 755 "$policy.new" && mv -f "$policy.new" "$policy" || exit 1
fi
"$@"`;

async function install(
  executor: Executor,
  packages: readonly string[],
  command: string,
  services: readonly string[],
): Promise<void> {
  const allow = services.length === 0 ? "''" : services.join('|');
  const quietly = ['env', `ALLOW=${allow}`, 'sh', '-c', QUIETLY, 'sh'] as const;
  const argv = [...quietly, ...APT, 'install', '-y', '--no-install-recommends', '--', ...packages] as const;
  const first = await executor.exec({ argv, timeoutMs: APT_TIMEOUT_MS });
  if (first.exit.kind === 'code' && first.exit.code === 0) return;
  // Often only because the list of packages is old or was never fetched.
  await executor.exec({ argv: [...APT, 'update'], timeoutMs: APT_TIMEOUT_MS });
  const second = await executor.exec({ argv, timeoutMs: APT_TIMEOUT_MS });
  if (second.exit.kind === 'code' && second.exit.code === 0) return;
  const errors = second.stderr.split('\n').filter((line) => line.startsWith('E:'));
  const found = errors.slice(0, 3).join(' ');
  const message = `cannot install ${packages.join(', ')} on ${executor.where}`;
  throw failure({ message, ...(found === '' ? {} : { found }), hint: `try there: ${command}` });
}

/** Bytes that a process of this user may still write to the file system of a path: df(1) in its POSIX form. */
export async function freeBytes(executor: Executor, path: string): Promise<number> {
  const text = (await printed(executor, ['df', '-Pk', '--', path])) ?? '';
  const kibibytes = readFreeKibibytes(text);
  if (kibibytes !== undefined) return kibibytes * 1024;
  throw failure({ message: `cannot read the free space of ${path} on ${executor.where}`, found: text.trim() });
}

/** The `Available` column of `df -Pk`; names of file systems and mount points may have blanks in them. */
export function readFreeKibibytes(df: string): number | undefined {
  const available = / +\d+ +\d+ +(-?\d+) +(?:\d+%|-) +\//.exec(df.split('\n')[1] ?? '')?.[1];
  return available === undefined ? undefined : Math.max(0, Number(available));
}

function failure(problem: Omit<Problem, 'stage'>): BenchError {
  return new BenchError({ stage: 'prepare', ...problem });
}
