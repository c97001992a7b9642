import type { BenchError } from '../errors.js';
import type { Command, ExecResult, Executor, PutFile } from '../types.js';
import { localFailure, printable, type Place } from './failure.js';
import { checkAbsolute } from './quote.js';

/** Default limit of `get` and of a stream of `exec`: 16 MiB. */
export const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** `get` has one limit for both streams, so there must be room for an error message. */
const ROOM_FOR_MESSAGES = 64 * 1024;

/**
 * `sh -c PUT sh PATH MODE BYTES`, content on stdin. Written beside its destination, counted, then renamed: a
 * connection that breaks looks like the end of the input, so only the count distinguishes a whole file from half of one.
 */
const PUT = `
path=$1 mode=$2 bytes=$3
new="$path.bench-put.$$"
trap 'rm -f -- "$new"' 0
trap 'exit 1' 1 2 13 15
if [ -d "$path" ]; then echo "is a directory" >&2; exit 1; fi
umask 022
mkdir -p -- "\${path%/*}/" || exit 1
rm -f -- "$new"
umask 077
set -C
cat > "$new" || exit 1
got=$(wc -c < "$new") || exit 1
if [ "$got" -ne "$bytes" ]; then echo "only $got of $bytes bytes arrived" >&2; exit 1; fi
chmod -- "$mode" "$new" && mv -f -- "$new" "$path"
`;

/** `sh -c GET sh PATH BYTES`: the content on stdout. Counting by reading also works for /proc, where sizes are 0. */
const GET = `
if [ ! -e "$1" ]; then echo "no such file" >&2; exit 1; fi
if [ ! -f "$1" ]; then echo "not a regular file" >&2; exit 1; fi
size=$(wc -c < "$1") || exit 1
if [ "$size" -gt "$2" ]; then echo "has $size bytes, expected at most $2" >&2; exit 1; fi
exec cat < "$1"
`;

type Exec = (command: Command) => Promise<ExecResult>;

/** `put` and `get` over any `exec`: no sftp, so they work the same in a guest and through any number of hops. */
export function filesOver(place: Place, exec: Exec): Pick<Executor, 'put' | 'get'> {
  return {
    async put(file: PutFile): Promise<void> {
      const content = typeof file.content === 'string' ? Buffer.from(file.content, 'utf8') : file.content;
      const mode = (file.mode ?? 0o644).toString(8).padStart(4, '0');
      checkFile(place, 'prepare', file.path);
      const argv = ['sh', '-c', PUT, 'sh', file.path, mode, String(content.byteLength)] as const;
      const result = await exec({ argv, stdin: content });
      if (!succeeded(result)) throw fileFailure(place, 'prepare', 'write', file.path, result);
    },

    async get(path: string, maxBytes = DEFAULT_MAX_BYTES): Promise<Uint8Array> {
      checkFile(place, 'fetch', path);
      const argv = ['sh', '-c', GET, 'sh', path, String(maxBytes)] as const;
      const result = await exec({ argv, maxOutputBytes: maxBytes + ROOM_FOR_MESSAGES });
      if (!succeeded(result)) throw fileFailure(place, 'fetch', 'read', path, result);
      if (result.stdoutBytes.byteLength > maxBytes) {
        throw localFailure(place, 'fetch', `${printable(path)} grew beyond ${maxBytes} bytes while it was read`);
      }
      return result.stdoutBytes;
    },
  };
}

function succeeded(result: ExecResult): boolean {
  return result.exit.kind === 'code' && result.exit.code === 0;
}

function checkFile(place: Place, stage: 'prepare' | 'fetch', path: string): void {
  try {
    checkAbsolute(path);
    if (path.endsWith('/')) throw new RangeError(`expected the path of a file, found ${JSON.stringify(path)}`);
  } catch (error) {
    throw localFailure(place, stage, error instanceof Error ? error.message : String(error), {}, { cause: error });
  }
}

function fileFailure(
  place: Place,
  stage: 'prepare' | 'fetch',
  verb: 'read' | 'write',
  path: string,
  result: ExecResult,
): BenchError {
  const exit = result.exit.kind === 'code' ? `exit code ${result.exit.code}` : result.exit.signal;
  const stderr = printable(result.stderr);
  const full = /no space left|quota exceeded/i.test(stderr) ? { hint: 'free space on that file system' } : {};
  return localFailure(place, stage, `cannot ${verb} ${printable(path)}`, {
    found: stderr === '' ? exit : stderr,
    ...full,
  });
}
