import { writeReport } from '../../reports/index.js';
import { BenchError, foundInstead } from '../errors.js';

/** The width of text that no terminal shows. */
const WIDTH = 120;

/** Columns of a document as text. */
export function documentWidth({ stdout }: Pick<NodeJS.Process, 'stdout'>): number {
  return stdout.isTTY ? stdout.columns : WIDTH;
}

/** `--json` implies the format `json`: throws a `BenchError` of stage `config` where another one is given. */
export function checkOneFormat(
  what: 'report' | 'comparison',
  { json, format }: { readonly json?: boolean; readonly format: string },
): void {
  if (json !== true || format === 'json') return;
  const found = `--json and --format ${format}`;
  throw new BenchError({ stage: 'config', message: `a ${what} has one format`, expected: 'one of them', found });
}

/** Writes a document whole or not at all. Rejects with a `BenchError` of stage `config` where it cannot be written. */
export async function writeDocument(
  what: 'report' | 'comparison' | 'bundle',
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  await writeReport(path, content).catch((error: unknown) => {
    const message = `cannot write the ${what} to ${path}`;
    throw new BenchError({ stage: 'config', message, found: foundInstead(error) }, { cause: error });
  });
}
