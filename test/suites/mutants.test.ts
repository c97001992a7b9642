import { describe, expect, it } from 'vitest';
import type { ForeignTrial, RawText } from '../../harness/types.js';
import { randomStream, uniform } from '../../harness/random.js';
import { cpu } from '../../suites/cpu/index.js';
import { recognize as dbench } from '../../suites/dbench/recognize.js';
import { recognize as dd } from '../../suites/dd/recognize.js';
import { recognize as iperf } from '../../suites/iperf/recognize.js';
import { recognize as iperf3 } from '../../suites/iperf3/recognize.js';
import { recognize as kernel } from '../../suites/kernel-compile/recognize.js';
import { recognize as lmbench } from '../../suites/lmbench/recognize.js';
import { recognize as osdb } from '../../suites/osdb/recognize.js';
import { recognize as postmark } from '../../suites/postmark/recognize.js';
import { fixtureOf } from './printed.js';

/** `MUTANTS=200000 npx vitest run test/suites/mutants.test.ts` is the longer run, `MUTANTS_SEED=x` another one. */
const MUTANTS = Number(process.env['MUTANTS'] ?? 20_000);
const SEED = process.env['MUTANTS_SEED'] ?? 'bench';

interface Sample {
  readonly folder: string;
  readonly file: string;
  readonly recognize: (files: readonly RawText[]) => readonly ForeignTrial[];
  /** Share of all mutants. */
  readonly weight: number;
  /** How far a value may move when a digit changes: what the rounding of the other numbers leaves open. None: no redundancy. */
  readonly open?: number;
  /** Its rows are numbers that are stated once: a lost one cannot be seen. */
  readonly once?: true;
}

const samples: readonly Sample[] = [
  { folder: 'dd', file: 'read_cold.stderr', recognize: dd, weight: 3, open: 0.05 },
  { folder: 'dd', file: 'write_6g_fdatasync.stderr', recognize: dd, weight: 3, open: 0.08 },
  { folder: 'cpu', file: 'cpu_1thread.stdout', recognize: cpu.recognize, weight: 3, open: 0.03 },
  { folder: 'osdb', file: 'fixed.stdout', recognize: osdb, weight: 3, open: 0.01 },
  { folder: 'osdb', file: 'timed.stdout', recognize: osdb, weight: 3, open: 0.3 },
  { folder: 'osdb', file: 'release-13-fixed.stdout', recognize: osdb, weight: 3 },
  { folder: 'postmark', file: 'full_100k_200k.stdout', recognize: postmark, weight: 3, open: 0.001 },
  { folder: 'postmark', file: 'terse_20k.stdout', recognize: postmark, weight: 1 },
  { folder: 'iperf', file: 'client_csv.stdout', recognize: iperf, weight: 2, open: 0.03 },
  { folder: 'iperf', file: 'reverse_csv_i1.stdout', recognize: iperf, weight: 2, open: 0.08 },
  { folder: 'iperf', file: 'client_human.stdout', recognize: iperf, weight: 3, open: 0.02 },
  { folder: 'iperf', file: 'parallel_human.stdout', recognize: iperf, weight: 3, open: 0.02 },
  { folder: 'iperf3', file: 'client_json.stdout', recognize: iperf3, weight: 1 },
  { folder: 'kernel-compile', file: 'time-v.txt', recognize: kernel, weight: 3, open: 0.12 },
  { folder: 'dbench', file: 'run_1client_10s.stdout', recognize: dbench, weight: 1, once: true },
  { folder: 'lmbench', file: 'lat_mmap_64m.stderr', recognize: lmbench, weight: 1 },
  { folder: 'lmbench', file: 'lat_ctx_64k_16.stderr', recognize: lmbench, weight: 1 },
];

type Random = () => number;
type Mutation = 'cut' | 'line lost' | 'line doubled' | 'file doubled' | 'digit';

const pick = (random: Random, below: number): number => Math.floor(random() * below);

function mutate(text: string, kind: Mutation, random: Random): string {
  const lines = text.split(/(?<=\n)/);
  const at = pick(random, lines.length);
  switch (kind) {
    case 'cut':
      return text.slice(0, pick(random, text.length));
    case 'line lost':
      return lines.toSpliced(at, 1).join('');
    case 'line doubled':
      return lines.toSpliced(at, 0, lines[at] ?? '').join('');
    case 'file doubled':
      return text + text;
    case 'digit': {
      const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
      const index = digits[pick(random, digits.length)] ?? 0;
      return `${text.slice(0, index)}${pick(random, 10)}${text.slice(index + 1)}`;
    }
  }
}

type Values = ReadonlyMap<string, number>;

/** Values by metric of a text that is taken without a finding; undefined where it is refused or has one. */
function valuesOf({ file, recognize }: Sample, text: string): Values | undefined {
  try {
    const trials = recognize([{ text, file, firstLine: 1 }]);
    // `importedRun` refuses several trials of one file that cannot be distinguished.
    if (trials.length > 1 || trials.some(({ findings = [] }) => findings.length > 0)) return undefined;
    return new Map(
      trials.flatMap(({ readings }, trial) =>
        readings.flatMap((one) => ('value' in one ? [[`${trial} ${one.metric}`, one.value] as const] : [])),
      ),
    );
  } catch (error) {
    // Refusals are errors with words; anything else is a defect.
    if (error instanceof Error && error.message.startsWith(file)) return undefined;
    throw error;
  }
}

/** The metrics whose value is another one than before, or that appeared. */
function strayed(before: Values, after: Values, open: number): string[] {
  return [...after]
    .filter(([metric, value]) => !(Math.abs(value / (before.get(metric) ?? Number.NaN) - 1) <= open))
    .map(([metric, value]) => `${metric}: ${value} for ${String(before.get(metric))}`);
}

const total = samples.reduce((sum, { weight }) => sum + weight, 0);

describe(`${MUTANTS} mutants of real outputs, seed ${SEED}`, () => {
  it.each(samples)('$folder $file gives the same number, a finding or a refusal', (sample) => {
    const { text } = fixtureOf(sample.folder, sample.file);
    const before = valuesOf(sample, text);
    if (before === undefined) throw new Error('the output itself is refused');
    const stream = randomStream(`${SEED} ${sample.file}`);
    const random: Random = () => uniform(stream);
    const kinds: readonly Mutation[] = [
      ...(['cut', 'cut', 'line doubled', 'file doubled'] as const),
      ...(sample.once === undefined ? (['line lost'] as const) : []),
      ...(sample.open === undefined ? [] : (['digit', 'digit', 'digit', 'digit'] as const)),
    ];
    const wrong = new Set<string>();
    for (let left = Math.ceil((MUTANTS * sample.weight) / total); left > 0; left -= 1) {
      const kind = kinds[pick(random, kinds.length)] ?? 'cut';
      const mutant = mutate(text, kind, random);
      const after = valuesOf(sample, mutant);
      if (after === undefined) continue;
      const open = kind === 'digit' ? (sample.open ?? 0) : 0;
      for (const words of strayed(before, after, open))
        wrong.add(`${kind}: ${words}: ${JSON.stringify(changedPart(text, mutant))}`);
    }
    expect([...wrong].slice(0, 10)).toEqual([]);
  });
});

/** The line of the first difference, for the message. */
function changedPart(text: string, mutant: string): string {
  const lines = text.split('\n');
  return mutant.split('\n').find((line, index) => line !== lines[index]) ?? '';
}
