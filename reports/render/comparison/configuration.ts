import type { Comparison, ConfigurationRow } from '../../model/comparison.js';
import type { DifferenceClass } from '../../model/differences.js';
import { pairLabel } from '../../narrative/comparison.js';
import { plainLine } from '../../narrative/format.js';
import { list } from './names.js';

const CLASS_TITLES: Readonly<Record<DifferenceClass, string>> = {
  blocking: 'Affects results',
  unknown: 'May affect results',
  'by design': 'Belongs to the platform',
};

export interface ConfigurationGroup {
  readonly class: DifferenceClass;
  readonly title: string;
  readonly rows: readonly {
    readonly path: string;
    readonly a: string;
    readonly b: string;
    readonly why: string;
    /** Empty where every pair differs so. */
    readonly systems: string;
  }[];
}

/** Differences of configuration by class, the gravest first. */
export function configurationGroups({ configuration }: Comparison): readonly ConfigurationGroup[] {
  const { rows, pairs } = configuration;
  return (['blocking', 'unknown', 'by design'] as const).flatMap((kind) => {
    const own = rows.filter((row) => row.class === kind);
    if (own.length === 0) return [];
    return [
      {
        class: kind,
        title: CLASS_TITLES[kind],
        rows: own.map((row) => ({
          path: plainLine(row.path),
          a: valueText(row.a),
          b: valueText(row.b),
          why: plainLine(row.why),
          systems: row.systems.length === pairs ? '' : plainLine(list(row.systems.map(pairLabel))),
        })),
      },
    ];
  });
}

/** Longer values are shortened; the JSON has them whole. */
const VALUE_LENGTH = 120;

function valueText(values: ConfigurationRow['a']): string {
  const text = values.map((value) => (value === null ? 'not read' : value === '' ? 'none' : value)).join(' or ');
  const plain = plainLine(text);
  return plain.length > VALUE_LENGTH ? `${plain.slice(0, VALUE_LENGTH)}…` : plain;
}

/** What was compared of the configurations, in a sentence. */
export function configurationLead({ configuration: { pairs, alike, rows } }: Comparison): string {
  if (pairs === 0) return 'No pair of systems was measured on both sides by this program: nothing is known of both.';
  const systems = pairs === 1 ? 'the system' : `${pairs} systems`;
  if (rows.length === 0) return `No difference in the configuration of ${systems}: ${alike} properties are equal.`;
  const blocking = rows.filter((row) => row.class === 'blocking').length;
  const differ = rows.length === 1 ? '1 property differs' : `${rows.length} properties differ`;
  return `${differ} in the configuration of ${systems}, ${blocking} of them known to affect results; ${alike} are equal.`;
}
