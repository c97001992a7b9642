import type { Installation, SuiteGuest } from '../../harness/types.js';
import { quote } from '../parsing.js';

/** What build.sh prints. */
const BUILT = /^program\t(\/[\x21-\x7e]{1,400})\tsource ([0-9a-f-]{1,40})\t(\d{1,4}|static|unknown)\n$/;

/** Builds hourglass in a guest. Throws an `Error` with what is missing, or with the message of the compiler. */
export async function install({ executor, dir }: SuiteGuest): Promise<Installation> {
  const result = await executor.exec({ argv: ['sh', `${dir}/build.sh`, dir], timeoutMs: 120_000 });
  if (result.exit.kind !== 'code' || result.exit.code !== 0) {
    throw new Error(`hourglass could not be built: ${quote(result.stderr.trim())}`);
  }
  const [, path, digest, linkage] = BUILT.exec(result.stdout) ?? [];
  if (path === undefined || digest === undefined || linkage === undefined) {
    throw new Error(`expected what was built as tab-separated fields, found ${quote(result.stdout)}`);
  }
  return {
    tools: { hourglass: { path, origin: 'project', version: `source ${digest}`, linkage } },
    env: {},
    data: {},
  };
}
