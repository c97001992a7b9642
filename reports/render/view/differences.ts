import type { DifferenceRow } from '../../model/differences.js';
import type { Report } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';

/** Longer values are shortened; the JSON report has them whole. */
const VALUE_LENGTH = 120;

/** A class of differences as the templates and Markdown want it. */
interface DifferenceGroup {
  readonly class: DifferenceRow['class'];
  readonly title: string;
  readonly count: number;
  readonly open: boolean;
  readonly span: number;
  readonly rows: readonly {
    readonly path: string;
    readonly why: string;
    readonly values: readonly { readonly text: string; readonly same: boolean }[];
  }[];
}

interface DifferencesView {
  readonly statement: string;
  readonly verdict: 'yes' | 'no';
  readonly systems: readonly string[];
  readonly alike: number;
  readonly groups: readonly DifferenceGroup[];
}

const TITLES: Readonly<Record<DifferenceRow['class'], string>> = {
  blocking: 'Blocking: the comparison is unfair',
  unknown: 'Unknown: no rule, or not read everywhere',
  'by design': 'By design: the difference belongs to the platform',
};

/** The matrix of differences, the blocking ones open; undefined where there are not two systems. */
export function differencesView({ differences }: Report): DifferencesView | undefined {
  if (differences === null) return undefined;
  const { labels } = differences;
  return {
    statement: plainLine(differences.statement),
    verdict: differences.blocking === 0 ? 'yes' : 'no',
    systems: labels.map(plainLine),
    alike: differences.alike,
    groups: (['blocking', 'unknown', 'by design'] as const).flatMap((which) => {
      const rows = differences.rows.filter((row) => row.class === which);
      if (rows.length === 0) return [];
      return [
        {
          class: which,
          title: TITLES[which],
          count: rows.length,
          open: which === 'blocking',
          span: labels.length + 2,
          rows: rows.map(({ path, why, values }) => ({
            path: plainLine(path),
            why: plainLine(why),
            values: values.map((value, at) => ({ text: valueText(value), same: at > 0 && value === values[0] })),
          })),
        },
      ];
    }),
  };
}

function valueText(value: string | null): string {
  if (value === null) return 'not read';
  const text = plainLine(value === '' ? 'none' : value);
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text;
}
