import type { Json } from '../../../harness/types.js';
import type { Report } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';

const SUBJECT = /^platform (.+)$/;

/** Whether a subject of facts is a platform, whose facts are its traits. */
export function isPlatform(of: string): boolean {
  return SUBJECT.test(of);
}

type Members = { readonly [name: string]: Json };

interface Traits {
  readonly name: string;
  readonly traits: Members;
}

/** The features of Table 1 of Soltesz et al., in its order; the words for those that are no yes or no. */
const FEATURES: readonly { readonly name: string; readonly label: string }[] = [
  { name: 'multipleKernels', label: 'Multiple kernels' },
  { name: 'rootPower', label: 'Power of root in a guest' },
  { name: 'checkpointResume', label: 'Checkpoint and resume' },
  { name: 'liveMigration', label: 'Live migration' },
  { name: 'liveUpdate', label: 'Live update of the system' },
];

/** Isolation, as in Figure 4 of Soltesz et al. */
const ISOLATION: readonly { readonly name: string; readonly label: string }[] = [
  { name: 'security', label: 'Guests are kept apart on' },
  { name: 'cpu', label: 'CPU' },
  { name: 'memory', label: 'Memory' },
  { name: 'io', label: 'Disk and network' },
];

/** What kind of system each platform is, as the run recorded it; undefined where no run did. */
export function platformsView(report: Report): object | undefined {
  const platforms = traitsOf(report);
  if (platforms.length === 0) return undefined;
  const rows = (items: typeof FEATURES, pick: (traits: Members) => Members): object[] =>
    items.map(({ name, label }) => ({
      label,
      values: platforms.map(({ traits }) => traitView(pick(traits)[name])),
    }));
  return {
    span: 1 + platforms.length,
    names: platforms.map(({ name }) => name),
    features: rows(FEATURES, (traits) => traits),
    isolation: rows(ISOLATION, (traits) => membersOf(traits['isolation'])),
  };
}

/** One entry a platform: the last that any run recorded. Facts come from files of runs and may be anything. */
function traitsOf(report: Report): Traits[] {
  const found = new Map<string, Traits>();
  for (const { of, facts } of report.facts) {
    const id = SUBJECT.exec(of)?.[1];
    if (id === undefined) continue;
    const { label = id, traits = facts } = membersOf(facts);
    found.set(id, { name: plainLine(typeof label === 'string' ? label : id), traits: membersOf(traits) });
  }
  return [...found.values()];
}

function membersOf(value: Json | undefined): Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Members) : {};
}

const WORDS: Readonly<Record<string, string>> = { full: 'full, as on a machine', guest: 'its own guest only' };

function traitView(value: Json | undefined): object {
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no', class: value ? 'yes' : 'no' };
  if (typeof value === 'string') return { text: plainLine(WORDS[value] ?? value), class: '' };
  return { text: '–', class: '' };
}
