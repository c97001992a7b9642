import { readFileSync } from 'node:fs';
import type { BenchVersion } from './types.js';

/** The version in package.json, which is one folder up in the sources and two in `dist`. */
export function version(): string {
  for (const path of ['../package.json', '../../package.json']) {
    const text = readIfThere(new URL(path, import.meta.url));
    const found = text === undefined ? undefined : (JSON.parse(text) as { version?: string }).version;
    if (found !== undefined) return found;
  }
  return 'unknown';
}

/** This `bench`: its version, and the commit that it was built from where the build was in a git clone. */
export function benchVersion(): BenchVersion {
  const commit = readIfThere(new URL('../commit', import.meta.url))?.trim();
  return { version: version(), ...(commit === undefined || commit === '' ? {} : { commit }) };
}

function readIfThere(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}
