import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';

/** For each path that exists: its text, framed by a line with its length, for any number of files in one round trip. */
const READ =
  'for path; do text=$(cat "$path" 2>/dev/null) && printf "%s %s\\n%s\\n" "${#text}" "$path" "$text"; done; :';

/** The contents of those of these files that can be read, by path. */
export async function readFiles(host: Executor, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  let rest = (await printed(host, ['env', 'LC_ALL=C', 'sh', '-c', READ, 'sh', ...paths])) ?? '';
  for (;;) {
    const header = /^(\d+) (.+)\n/.exec(rest);
    if (header?.[2] === undefined) return contents;
    const start = header[0].length;
    const end = start + Number(header[1]);
    contents.set(header[2], rest.slice(start, end));
    rest = rest.slice(end + 1);
  }
}
