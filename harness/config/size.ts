const FACTORS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/**
 * Bytes of `512M`, `2G`, `1.5GiB` (powers of 1024). Undefined for anything else: `1GB` means two things, and a size that
 * is no whole number of bytes, zero, or too large to count is a mistake.
 */
export function readSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGT])(?:iB)?$/.exec(text);
  const bytes = Number(match?.[1]) * (FACTORS[match?.[2] ?? ''] ?? Number.NaN);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}
