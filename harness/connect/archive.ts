import { BenchError } from '../errors.js';
import type { Executor } from '../types.js';

/** A file of an archive. */
export interface ArchivedFile {
  /** Relative, of 1 to 99 bytes. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

const BLOCK = 512;

/** An archive in the format ustar (POSIX.1-1988, pax(1)), owned by root, of the time 0. Pure. */
export function tarOf(files: readonly ArchivedFile[]): Uint8Array {
  const parts = files.flatMap(({ name, content, mode }) => {
    const bytes = Buffer.from(content);
    return [header(name, mode, bytes.length), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, mode: number, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const length = Buffer.byteLength(name);
  if (length === 0 || length > 99 || name.startsWith('/') || name.split('/').includes('..') || name.includes('\0')) {
    throw new BenchError({ stage: 'prepare', message: 'not a name for a file of an archive', found: name });
  }
  const octal = (value: number, at: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0, 'utf8');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write('0', 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  // The checksum counts its own field as blanks.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/**
 * `sh -c UNPACK sh DIR LAST BYTES`, an archive on stdin. A connection that breaks looks like the end of the input: the last
 * file exists, whole, only if all of the archive arrived.
 */
const UNPACK = `
umask 022
mkdir -p -- "$1" && cd -- "$1" || exit 1
rm -f -- "$2"
tar -xmf - || exit 1
size=$(wc -c <"$2") && [ "$size" -eq "$3" ] || { echo "the archive was cut short" >&2; exit 1; }
`;

/**
 * Writes files below a directory, which is made, with one command: in a guest, each command may take a second. The last
 * file is written last. Needs tar(1). Throws a `BenchError` of stage `prepare`.
 */
export async function putAll(executor: Executor, dir: string, files: readonly ArchivedFile[]): Promise<void> {
  const last = files.at(-1);
  if (last === undefined) return;
  const size = String(Buffer.from(last.content).length);
  const argv = ['sh', '-c', UNPACK, 'sh', dir, last.name, size] as const;
  const { exit, stderr } = await executor.exec({ argv, stdin: tarOf(files) });
  if (exit.kind === 'code' && exit.code === 0) return;
  throw new BenchError({
    stage: 'prepare',
    message: `cannot unpack ${files.length} files into ${dir} on ${executor.where}`,
    found: stderr.trim().slice(0, 200),
    hint: 'is tar installed there, and is there free space?',
  });
}
