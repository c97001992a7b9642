/** A promise that resolves after a number of milliseconds unless it is cleared, for racing against something else. */
export function after(ms: number): { readonly promise: Promise<void>; readonly clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { promise, clear: () => clearTimeout(timer) };
}
