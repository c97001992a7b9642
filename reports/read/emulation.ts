import type { Report } from '../model/document.js';
import type { System } from '../model/types.js';

/** Keys of the systems that exhibits leave out: emulated ones, where real ones were measured too, unless both are requested. */
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
      `Left out: ${leftOut.join(', ')}. They were measured on emulated machines, and such times do not apply to real hardware. ` +
      'Use --with-emulated to show them too.'
    );
  }
  if (shown.length === 0) return null;
  const own = systems.filter((system) => system.origin !== 'published');
  const which = own.every((system) => system.emulated) ? 'All systems were' : `${shown.join(', ')}:`;
  return (
    `${which} measured on emulated machines. Their times do not apply to real hardware: the report shows that the measurement ` +
    'works, not how fast a system is.'
  );
}
