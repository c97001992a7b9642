import { InvalidArgumentError } from 'commander';
import { FIGURE_FORMATS, type FigureFormat } from '../../reports/render/figure/formats.js';
import type { RequestedBaseline } from '../../reports/index.js';
import { gates } from '../run/gates/index.js';
import type { Plan } from '../types.js';

/** Collects an option that may be given several times. */
export function repeated(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Collects `a=b`: a target of A and the one of B that it is compared with. */
export function pairValue(
  text: string,
  before: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const [, a, b] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (a !== undefined && b !== undefined) return [...before, [a, b]];
  throw new InvalidArgumentError('Expected TARGET=TARGET: one of A, then one of B.');
}

/** Collects `BASELINE`, or `TARGET=BASELINE` of one target. */
export function baselineValue(text: string, before: readonly RequestedBaseline[]): readonly RequestedBaseline[] {
  const [, target, baseline] = /^(?:([^=]+)=)?([^=]+)$/.exec(text) ?? [];
  if (baseline !== undefined) return [...before, { baseline, ...(target === undefined ? {} : { target }) }];
  throw new InvalidArgumentError('Expected a target, or TARGET=BASELINE.');
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('Expected a whole number, 1 to 100000.');
}

export function seedValue(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Expected a whole number, 0 or more.');
}

/** Reads `1%` or `0.5%` as a fraction of 1. */
export function shareValue(text: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const percent = Number(digits);
  if (percent > 0 && percent <= 100) return percent / 100;
  throw new InvalidArgumentError('Expected a percentage, like 1%, above 0 and at most 100.');
}

export function secondsValue(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 3600) return value;
  throw new InvalidArgumentError('Expected whole seconds, 0 to 3600.');
}

const MILLIMETRES = { mm: 1, cm: 10, in: 25.4 } as const;

/** Reads `84mm`, `8.4cm` or `3.3in` as millimetres; from 60 on a figure can be read, and 300 fill the largest page. */
export function millimetres(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(mm|cm|in)$/.exec(text) ?? [];
  const value = unit === undefined ? NaN : Number(digits) * MILLIMETRES[unit as keyof typeof MILLIMETRES];
  if (value >= 60 && value <= 300) return value;
  throw new InvalidArgumentError('Expected a length, like 84mm, 8.4cm or 3.3in, from 60mm to 300mm.');
}

export function dotsPerInch(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 72 && value <= 600) return value;
  throw new InvalidArgumentError('Expected a whole number, 72 to 600.');
}

/** Reads `svg,pdf`. */
export function figureFormats(text: string): readonly FigureFormat[] {
  const names = text.split(',');
  const formats = FIGURE_FORMATS.filter((format) => names.includes(format));
  if (names.every((name) => (FIGURE_FORMATS as readonly string[]).includes(name))) return formats;
  throw new InvalidArgumentError(`Expected one or several of ${FIGURE_FORMATS.join(', ')}, with commas between them.`);
}

/** Factors from a unit to that of the gate: `skew=2ms`, `skew=2000us`, `overlap=90`, `overlap=90%`, `swap=0`. */
const UNITS = {
  ms: { '': 1, s: 1000, ms: 1, us: 0.001 },
  percent: { '': 1, '%': 1 },
  count: { '': 1 },
  pages: { '': 1 },
} as const;

/** Collects limits of gates, in the unit of each gate. */
export function gateValue(text: string, before: NonNullable<Plan['gates']>): NonNullable<Plan['gates']> {
  const [, id, digits, unit = ''] = /^([a-z-]+)=(\d+(?:\.\d+)?)(s|ms|us|%)?$/.exec(text) ?? [];
  const gate = gates.find((candidate) => candidate.id === id);
  const factor = gate === undefined ? undefined : new Map<string, number>(Object.entries(UNITS[gate.unit])).get(unit);
  if (gate !== undefined && factor !== undefined) return { ...before, [gate.id]: Number(digits) * factor };
  const known = gates.map((each) => `${each.id} in ${each.unit}`).join(', ');
  throw new InvalidArgumentError(`Expected GATE=LIMIT, with one of ${known}.`);
}
