import type { Report } from '../model/document.js';
import type { System } from '../model/types.js';

/** Which systems exhibits leave out: emulated ones, where real ones were measured too and nobody asked for both. */
export function hiddenSystems(systems: readonly System[], withEmulated: boolean): ReadonlySet<string> {
  const own = systems.filter((system) => system.origin !== 'published');
  const mixed = own.some((system) => system.emulated) && own.some((system) => !system.emulated);
  return new Set(mixed && !withEmulated ? own.filter((system) => system.emulated).map((system) => system.key) : []);
}

/** The notice on emulated machines at the top of a report. */
export function describeEmulation(systems: readonly System[], hidden: ReadonlySet<string>): Report['emulated'] {
  const emulated = systems.filter((system) => system.emulated);
  const labels = (which: readonly System[]): string[] => which.map((system) => system.label);
  const leftOut = labels(emulated.filter((system) => hidden.has(system.key)));
  const shown = labels(emulated.filter((system) => !hidden.has(system.key)));
  return { shown, leftOut, banner: bannerOf(shown, leftOut, systems) };
}

function bannerOf(shown: readonly string[], leftOut: readonly string[], systems: readonly System[]): string | null {
  if (leftOut.length > 0) {
    return (
      `Left out, because they were measured on emulated machines, whose times say nothing about real ones: ${leftOut.join(', ')}. ` +
      'The option --with-emulated shows them too.'
    );
  }
  if (shown.length === 0) return null;
  const own = systems.filter((system) => system.origin !== 'published');
  const which = own.every((system) => system.emulated) ? 'Everything here was' : `${shown.join(', ')}:`;
  return (
    `${which} measured on emulated machines. Their times say nothing about real ones: what is shown is that the measurement ` +
    'works, not how fast anything is.'
  );
}
