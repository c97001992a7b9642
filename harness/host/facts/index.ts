import { BenchError } from '../../errors.js';
import type { Executor, Facts, Json } from '../../types.js';
import type { Fact } from './fact.js';
import { processorFacts } from './processor.js';
import { softwareFacts } from './software.js';
import { diskFact, fileSystemFact, fileSystemFeaturesFact } from './storage.js';
import { systemFacts } from './system.js';
import { tuningFacts } from './tuning.js';

/** Every fact but those of a directory's file system, in the order in which reports show them. */
export const allFacts: readonly Fact[] = [...softwareFacts, ...processorFacts, ...systemFacts, ...tuningFacts];

/** Facts of the file system that a directory is on, and of the disk below it. */
export const directoryFacts = (directory: string): readonly Fact[] =>
  [fileSystemFact, fileSystemFeaturesFact, diskFact].map((factOf) => factOf(directory));

/**
 * Runs any number of commands in one round trip. Reads, for each, a line with the number of its words and then the
 * words a line each; prints, for each, a line `==> BYTES` and what the command wrote to stdout, without trailing
 * newlines. In the C locale a shell counts bytes; `env` sets it, because dash and bash look at it only when they start.
 */
const RUN_ALL = `
while IFS= read -r words; do
  set --
  while [ "$words" -gt 0 ]; do
    IFS= read -r word
    set -- "$@" "$word"
    words=$((words - 1))
  done
  out=$("$@" </dev/null 2>/dev/null)
  printf '==> %s\\n%s\\n' "\${#out}" "$out"
done`;

const LIMIT_MS = 60_000;

/**
 * The facts of a machine, with the file system and disk of a directory when one is given, in one round trip. A fact
 * that cannot be read is null. Rejects only when the machine is lost.
 */
export async function gatherFacts(executor: Executor, directory?: string): Promise<Facts> {
  const facts =
    directory === undefined || directory.includes('\n') ? allFacts : [...allFacts, ...directoryFacts(directory)];
  const outputs = readOutputs(await runAll(executor, facts));
  return Object.fromEntries(facts.map((fact, index) => [fact.name, readFact(fact, outputs[index])]));
}

async function runAll(executor: Executor, facts: readonly Fact[]): Promise<Uint8Array> {
  const stdin = facts.map(({ argv }) => `${argv.length}\n${argv.join('\n')}\n`).join('');
  try {
    const argv = ['env', 'LC_ALL=C', 'sh', '-c', RUN_ALL] as const;
    return (await executor.exec({ argv, stdin, timeoutMs: LIMIT_MS })).stdoutBytes;
  } catch (error) {
    if (error instanceof BenchError && (error.transport || error.problem.stage === 'connect')) throw error;
    return new Uint8Array();
  }
}

/** The outputs in `RUN_ALL`'s framing; stops at the first frame that is cut short. */
export function readOutputs(bytes: Uint8Array): readonly string[] {
  const buffer = Buffer.from(bytes);
  const outputs: string[] = [];
  for (let at = 0; ;) {
    const lineEnd = buffer.indexOf('\n', at);
    const length = /^==> (\d+)$/.exec(buffer.toString('utf8', at, Math.max(at, lineEnd)))?.[1];
    if (lineEnd < 0 || length === undefined) return outputs;
    const end = lineEnd + 1 + Number(length);
    if (end > buffer.length) return outputs;
    outputs.push(buffer.toString('utf8', lineEnd + 1, end));
    at = end + 1;
  }
}

function readFact(fact: Fact, output: string | undefined): Json {
  if (output === undefined || output === '') return null;
  return fact.read(output) ?? null;
}
