/**
 * The results of all, in order, once every one of them has ended; rejects then with the first failure in order. Unlike
 * `Promise.all` it leaves nothing running after a rejection.
 */
export async function allSettled<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const settled = await Promise.allSettled(items.map(action));
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
