/** First line of a raw file: what one trial printed in one guest, packed by the agent. */
export const RAW_FORMAT = 'bench-raw/1';

/**
 * Bytes of a raw file at most: what one guest sends of one trial. Suites print some kilobytes, the longest a few megabytes;
 * a host that sends more, or a stranger's run that has more, must not fill the memory of who reads it.
 */
export const MAX_RAW_BYTES = 16 * 1024 * 1024;

/** A trial has a part for each stream of each step; a hostile file could have a million empty ones. */
const MAX_PARTS = 4096;

/** One part of a raw file: exactly the bytes of one file of the guest. */
export interface RawPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 1-based line of the raw file at which the bytes begin. */
  readonly firstLine: number;
}

const LINE_FEED = 0x0a;
const HEADER = /^==> ([A-Za-z0-9][A-Za-z0-9._-]{0,127}) (\d{1,12})$/;

/**
 * Splits a raw file: the line `bench-raw/1`, then for each part a line `==> NAME BYTES`, exactly that many bytes, and a
 * line feed. Throws an `Error` with file and line where the format differs.
 */
export function splitRawFile(file: string, bytes: Uint8Array): RawPart[] {
  const decoder = new TextDecoder();
  let at = 0;
  let line = 1;
  const readLine = (): string => {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end < 0 || end - at > 200) throw new Error(`${file}:${line}: expected a header line of a raw file`);
    const text = decoder.decode(bytes.subarray(at, end));
    at = end + 1;
    line += 1;
    return text;
  };
  if (readLine() !== RAW_FORMAT) throw new Error(`${file}:1: expected ${RAW_FORMAT}, the first line of a raw file`);
  const parts: RawPart[] = [];
  while (at < bytes.length) {
    const header = HEADER.exec(readLine());
    if (header?.[1] === undefined) throw new Error(`${file}:${line - 1}: expected "==> NAME BYTES"`);
    if (parts.length === MAX_PARTS) throw new Error(`${file}:${line - 1}: expected at most ${MAX_PARTS} parts`);
    const length = Number(header[2]);
    const body = bytes.subarray(at, at + length);
    if (body.length < length || bytes[at + length] !== LINE_FEED) {
      throw new Error(`${file}:${line - 1}: part ${header[1]} is cut short`);
    }
    parts.push({ name: header[1], bytes: body, firstLine: line });
    line += countLineFeeds(body) + 1;
    at += length + 1;
  }
  return parts;
}

function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_FEED) count += 1;
  return count;
}
