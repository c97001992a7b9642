import { printable } from '../connect/failure.js';
import { BenchError } from '../errors.js';
import type { Executor, HostConfig, Problem } from '../types.js';

/**
 * `sh -c LIST sh make|look DIRECTORY`: the directory to use (empty: by user), in its real form; the user id; then a line
 * of ls(1) for each directory and link from it to the root, as named and as resolved, each after a line with its path.
 * `look` makes nothing, and begins at the first directory that exists. Nothing is written into the directory: it may be
 * a trap.
 */
const LIST = `
verb=$1 dir=$2 me=$(id -u) || exit
if [ -z "$dir" ]; then
  if [ "$me" = 0 ]; then dir=/var/lib/bench; else dir=\${XDG_STATE_HOME:-\${HOME:?is not set}/.local/state}/bench; fi
fi
umask 022
if [ "$verb" = make ]; then mkdir -p -- "$dir" || exit; fi
while [ "$verb" = look ] && [ ! -d "$dir" ]; do dir=$(dirname -- "$dir"); done
cd -- "$dir" || exit
real=$(pwd -P)
printf '%s\\n%s\\n' "$real" "$me"
for at in "$real" "$dir"; do
  while :; do
    printf '%s\\n' "$at"
    LC_ALL=C ls -ldn -- "$at" | sed -n 1p
    case $at in */*[!/]*) at=\${at%/*} at=\${at:-/} ;; *) break ;; esac
  done
done
`;

/**
 * `sh -c TIDY sh DIRECTORY`: prints the first file of somebody else among what this user, root perhaps, runs or obeys;
 * takes write permission from others there; tries to write.
 */
const TIDY = `
cd -- "$1" || exit
me=$(id -u)
for sub in bin controls native; do
  [ -d "$sub" ] || [ -L "$sub" ] || continue
  find "$sub" -maxdepth 2 ! -user 0 ! -user "$me" -print
  find "$sub" -maxdepth 2 ! -type l \\( -perm -020 -o -perm -002 \\) -exec chmod go-w {} +
done 2>/dev/null | sed -n 1p
probe=.writable.$$
set -C
: >"$probe" && rm -f -- "$probe"
`;

/** A directory or link on the way to a work directory, as ls(1) lists it. */
interface Step {
  readonly path: string;
  /** As `drwxr-xr-x`. */
  readonly mode: string;
  readonly owner: string;
}

/**
 * The harness's directory on a host, made when it is not there: as configured, else `/var/lib/bench` for root and
 * `$XDG_STATE_HOME/bench` (`~/.local/state/bench`) for others. Absolute and writable; symbolic links are resolved. Throws a
 * `BenchError` of stage `prepare` where another user could change it: what is in it is run as this user.
 */
export async function ensureWorkDir(executor: Executor, config: Pick<HostConfig, 'workDir'>): Promise<string> {
  const dir = await safeDirectory(executor, config, 'make');
  const { exit, stdout, stderr } = await executor.exec({ argv: ['sh', '-c', TIDY, 'sh', dir] });
  const [foreign = ''] = stdout.split('\n');
  if (foreign !== '') throw open(executor, dir, { path: `${dir}/${foreign}`, found: 'a file of another user' });
  if (exit.kind !== 'code' || exit.code !== 0) throw unusable(executor, dir, stderr);
  return dir;
}

/** As `ensureWorkDir`, and changes nothing: where the directory is missing, the one that it would be made in is judged. */
export async function checkWorkDir(executor: Executor, config: Pick<HostConfig, 'workDir'>): Promise<void> {
  await safeDirectory(executor, config, 'look');
}

async function safeDirectory(
  executor: Executor,
  config: Pick<HostConfig, 'workDir'>,
  verb: 'make' | 'look',
): Promise<string> {
  const wanted = config.workDir ?? '';
  if (wanted !== '' && !wanted.startsWith('/')) {
    throw failure({ message: 'workDir must be absolute', expected: 'a path that begins with /', found: wanted });
  }
  const { exit, stdout, stderr } = await executor.exec({ argv: ['sh', '-c', LIST, 'sh', verb, wanted] });
  const [dir = '', user = '', ...lines] = stdout.replace(/\n$/, '').split('\n');
  if (exit.kind !== 'code' || exit.code !== 0 || !dir.startsWith('/')) throw unusable(executor, wanted, stderr);
  const steps = readSteps(lines);
  if (steps.length === 0) throw unusable(executor, dir, `ls printed ${JSON.stringify(lines.join(' '))}`);
  const weak = steps.find((step) =>
    changeableByOthers(step, { user, isWorkDir: step.path === dir && verb === 'make' }),
  );
  if (weak === undefined) return dir;
  throw open(executor, dir, { path: weak.path, found: `${weak.mode}, of user ${weak.owner}` });
}

function readSteps(lines: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [path = '', listed = ''] = lines.slice(at, at + 2);
    // POSIX ls -ln: mode (with a mark for access control lists), links, owner, group.
    const [, mode = '', owner = ''] = /^([dl][-rwxsStT]{9})\S? *\d+ +(\d+) /.exec(listed) ?? [];
    if (mode === '') return [];
    steps.push({ path, mode, owner });
  }
  return steps;
}

/**
 * Whether another user than this one and root may replace what is in a directory. Where the sticky bit is set, nobody
 * replaces what belongs to others (inode(7)): enough on the way, not in the work directory, where files are made.
 */
function changeableByOthers(
  { mode, owner }: Step,
  where: { readonly user: string; readonly isWorkDir: boolean },
): boolean {
  if (owner !== '0' && owner !== where.user) return true;
  if (mode.startsWith('l')) return false;
  const isOpen = mode[5] === 'w' || mode[8] === 'w';
  return isOpen && (where.isWorkDir || !/[tT]$/.test(mode));
}

function open(
  executor: Executor,
  dir: string,
  { path, found }: { readonly path: string; readonly found: string },
): BenchError {
  return failure({
    message: `other users can change what bench runs in ${printable(dir)} on ${executor.where}`,
    expected: `${printable(path)} owned by root or the user of the connection, writable to nobody else`,
    found,
    hint: `look at what is in it, then \`chown\` and \`chmod go-w\` it there, or set \`workDir\` of the host to another directory`,
  });
}

function unusable(executor: Executor, dir: string, why: string): BenchError {
  const what = dir === '' ? 'a work directory' : `the work directory ${dir}`;
  const hint = 'set `workDir` of the host to a directory that its user may write to';
  return failure({ message: `cannot use ${what} on ${executor.where}`, found: why.trim(), hint });
}

function failure(problem: Omit<Problem, 'stage'>): BenchError {
  return new BenchError({ stage: 'prepare', ...problem });
}
