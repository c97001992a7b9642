import type { ScatterExhibit } from '../../model/document.js';
import type { CoordinateInput } from '../../model/scatter.js';
import { writePercent } from '../figure/describe-scatter.js';

/** One line of the table of a figure of points, as text: the same in every format. */
export interface ScatterLine {
  readonly system: string;
  /** Value and interval in percent; empty where it is not known. */
  readonly efficiency: string;
  readonly isolation: string;
  /** What is missing of either; empty where nothing is. */
  readonly missing: string;
  readonly inputs: readonly { readonly label: string; readonly text: string; readonly why: string }[];
}

export function scatterLines({ scatter }: ScatterExhibit): ScatterLine[] {
  return scatter.points.map(({ label, system, x, y, inputs }) => ({
    system: system === null ? `${label}, the paper` : label,
    efficiency: y.state === 'missing' ? '' : writePercent(y),
    isolation: x.state === 'missing' ? '' : writePercent(x),
    missing: [
      ...(y.state === 'missing' ? [`efficiency needs ${y.missing.join(', ')}`] : []),
      ...(x.state === 'missing' ? [`isolation needs ${x.missing.join(', ')}`] : []),
    ].join('; '),
    inputs: inputs.map(inputText),
  }));
}

function inputText(input: CoordinateInput): ScatterLine['inputs'][number] {
  const { label } = input;
  if ('why' in input) return { label, text: '', why: input.why };
  const { value, low, high } = input;
  return { label, text: writePercent({ state: 'value', value, low, high }), why: '' };
}

/** Labels of what coordinates are made of, with what each number is. */
export function inputHeadings({
  scatter,
}: ScatterExhibit): readonly { readonly label: string; readonly what: string }[] {
  const [first] = scatter.points;
  return (first?.inputs ?? []).map(({ label, axis }) => ({ label, what: axis === 'y' ? 'relative, %' : 'lost, %' }));
}
