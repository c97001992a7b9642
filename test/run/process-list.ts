import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process of this machine. */
export interface Listed {
  readonly pid: number;
  /** Its command line. */
  readonly words: readonly string[];
}

/** The processes whose working directory or command line names something below a directory, read from /proc. */
export function processesUnder(directory: string): readonly Listed[] {
  return readdirSync('/proc').flatMap((name): Listed[] => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
      const at = readlinkSync(`/proc/${name}/cwd`);
      const isBelow = [at, ...words].some((path) => path.startsWith(`${directory}/`));
      return isBelow && words.length > 0 ? [{ pid: Number(name), words }] : [];
    } catch {
      return [];
    }
  });
}
