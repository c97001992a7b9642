import { distance } from 'fastest-levenshtein';

/**
 * The known name that was probably intended: a third of its letters may be wrong, and two in a short one. Undefined when
 * nothing is near, because a far-fetched suggestion is worse than none.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const candidate of known) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase());
    if (far < (best?.far ?? Infinity)) best = { name: candidate, far };
  }
  return best !== undefined && best.far <= Math.max(2, Math.floor(name.length / 3)) ? best.name : undefined;
}

/** `did you mean "lxc-up"?`, or what there is: for the hint of a `Problem`. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(name, names);
  if (near !== undefined) return `did you mean ${JSON.stringify(near)}?`;
  return names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
}
