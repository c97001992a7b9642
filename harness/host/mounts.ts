/** One line of `/proc/<pid>/mountinfo`, proc_pid_mountinfo(5). */
export interface Mount {
  /** The part of the file system that is mounted, `/` for all of it. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Reads `mountinfo` in its order; lines that have another form are skipped. */
export function readMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [left, right] = line.split(' - ', 2);
    const before = left?.split(' ') ?? [];
    const after = right?.split(' ') ?? [];
    const [, , , root, mountPoint, options] = before;
    const [type, source, superOptions] = after;
    if (root === undefined || mountPoint === undefined || options === undefined || type === undefined) return [];
    return [
      {
        root: unescapeOctal(root),
        mountPoint: unescapeOctal(mountPoint),
        options: options.split(','),
        type,
        source: unescapeOctal(source ?? ''),
        superOptions: (superOptions ?? '').split(','),
      },
    ];
  });
}

/** The mount that holds an absolute path: the longest mount point, and of equal ones the last, which covers the others. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    if (!isWithin(path, mount.mountPoint)) continue;
    if (best === undefined || mount.mountPoint.length >= best.mountPoint.length) best = mount;
  }
  return best;
}

/** Whether an absolute path is a directory or lies in it; both without a trailing slash. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** The kernel writes space, tab, newline and backslash as `\040`, `\011`, `\012`, `\134`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
