import { readFileSync } from 'node:fs';

/** The version in package.json, which is two folders up in the sources and three in `dist`. */
export function version(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    const text = readIfThere(new URL(path, import.meta.url));
    const found = text === undefined ? undefined : (JSON.parse(text) as { version?: string }).version;
    if (found !== undefined) return found;
  }
  return 'unknown';
}

function readIfThere(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}
