import { readFileSync } from 'node:fs';

/** A recorded output below `test/host/fixtures`. */
export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}
