import { BenchError } from '../errors.js';
import { PLAIN_PATH } from '../platforms/guest/names.js';

/** The path, which options of targets can have; throws a `BenchError` of stage `config` for any other. */
export function requirePlain(path: string): string {
  if (PLAIN_PATH.test(path)) return path;
  throw new BenchError({
    stage: 'config',
    message: 'guests cannot be started from this path',
    expected: 'a path without blanks, colons or commas',
    found: JSON.stringify(path),
  });
}
