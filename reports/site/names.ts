/** A name that is safe as a file name and a URL: what other characters there are is written as hexadecimal. */
export function fileName(text: string): string {
  const safe = text.replaceAll(/[^A-Za-z0-9.-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`);
  return safe.startsWith('.') ? `_${safe}` : safe;
}

export const systemPath = (key: string): string => `systems/${fileName(key)}.html`;
export const metricPath = (metric: string): string => `metrics/${fileName(metric.replace('/', '.'))}.html`;
export const runPath = (run: string): string => `runs/${fileName(run)}.html`;
export const changesPath = (run: string): string => `changes/${fileName(run)}.html`;
export const dataPath = (run: string): string => `data/${fileName(run)}.js`;
