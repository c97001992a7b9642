import type { FigureSeries } from '../model/figure.js';
import type { System } from '../model/types.js';

/** The systems that those of a report are divided by, each once: of measured systems, if there are any. */
export function baselinesAmong(systems: readonly System[]): readonly System[] {
  const measured = systems.filter(({ origin }) => origin !== 'published');
  const all = measured.length === 0 ? systems : measured;
  const named = new Set(all.map(({ normalizedBy }) => normalizedBy));
  return [...named].flatMap((target) => {
    const own = all.filter((system) => system.target === target);
    return own.find(({ arm }) => arm === null || arm === 'a') ?? own[0] ?? [];
  });
}

/** `Linux-UP`, or where there are several baselines `its baseline (Linux-UP or Linux-SMP)`. */
export function baselineInWords(systems: readonly System[], none = 'the baseline'): string {
  const labels = [...new Set(baselinesAmong(systems).map(({ label }) => label))];
  if (labels.length < 2) return labels[0] ?? systems.find(({ baseline }) => baseline)?.label ?? none;
  return `its baseline (${labels.slice(0, -1).join(', ')} or ${labels.at(-1) ?? ''})`;
}

/** The label of the baseline of one system. */
export function baselineOf({ normalizedBy }: System, systems: readonly System[]): string | undefined {
  return baselinesAmong(systems).find(({ target }) => target === normalizedBy)?.label;
}

/** The name of the bars of a system in a legend: with the baseline, where a figure has several. */
export function seriesName({ label, relativeTo }: FigureSeries): string {
  return relativeTo === undefined || relativeTo === label ? label : `${label} (to ${relativeTo})`;
}
