/** Files of a host by path, with their content without its last line feed. What cannot be read is not there. */
export type Tree = ReadonlyMap<string, string>;

/** One file to be written: the value becomes a line. */
export interface Write {
  readonly path: string;
  readonly value: string;
}

/** A file whose path matched, with the groups of the match. */
export interface Match {
  readonly path: string;
  readonly content: string;
  readonly groups: readonly string[];
}

/** Reads `PATH:LINE` lines as grep(1) prints them for absolute paths; `root` is taken off the paths. */
export function readTree(text: string, root = ''): Tree {
  const files = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':', root.length);
    if (at < 0 || !line.startsWith(`${root}/`)) continue;
    const path = line.slice(root.length, at);
    const before = files.get(path);
    const content = line.slice(at + 1);
    files.set(path, before === undefined ? content : `${before}\n${content}`);
  }
  return files;
}

/** Files whose whole path matches, in the order of the numbers in their paths: cpu2 before cpu10. */
export function filesLike(tree: Tree, pattern: RegExp): readonly Match[] {
  const found = [...tree].flatMap(([path, content]) => {
    const match = pattern.exec(path);
    return match?.[0] === path ? [{ path, content, groups: match.slice(1) }] : [];
  });
  return found.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

/**
 * What must be written to a file for it to read as it does: of a choice, `always [madvise] never`, the chosen word;
 * else the content itself.
 */
export function writable(content: string): string {
  return (/(?:^|\s)\[([^\]\s]+)\](?:\s|$)/.exec(content)?.[1] ?? content).trim();
}

/** The words of a choice, or of a list of what is available. */
export function choices(content: string): readonly string[] {
  return content
    .split(/\s+/)
    .map((word) => word.replace(/^\[(.*)\]$/, '$1'))
    .filter((word) => word !== '');
}

/** The tree as it would read with other values in some files. */
export function withValues(tree: Tree, writes: readonly Write[]): Tree {
  return new Map([...tree, ...writes.map(({ path, value }) => [path, value] as const)]);
}
