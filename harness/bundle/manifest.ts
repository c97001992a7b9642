import { z } from 'zod';
import { sha256 } from '../store/index.js';
import type { Member } from './archive.js';

export const MANIFEST_FORMAT = 'bench-bundle/1';
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.json.sig';

const name = z.string().max(1000);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.strictObject({
  schema: z.literal(MANIFEST_FORMAT),
  /** The version of bench that made the bundle, and whose report is in it. */
  bench: name,
  /** Names of machines and people are replaced, but for raw files. */
  redacted: z.boolean(),
  /** What the report was made of, so that it can be made again. */
  report: z.strictObject({
    runs: z.array(name).min(1),
    /** Noise run whose floors differences are compared with. */
    noise: name.nullable(),
    baseline: name.nullable(),
    /** Null: all that have a trial. */
    exhibits: z.array(name).nullable(),
    withEmulated: z.boolean(),
  }),
  runs: z.array(z.strictObject({ id: name, planHash: digest })),
  /** Every other file of the bundle, but for the signature of this one, in the order of the archive. */
  files: z.array(z.strictObject({ path: name, bytes: z.int().min(0), sha256: digest })),
});

/** The content of `manifest.json`. */
export type Manifest = z.output<typeof manifestSchema>;

/** The files of a manifest, in the order of their paths as UTF-16. */
export function listFiles(members: readonly Member[]): Manifest['files'] {
  return members
    .map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: sha256(bytes) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Undefined for what is no manifest, or is written otherwise than `manifestText` does. */
export function readManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const manifest = manifestSchema.parse(JSON.parse(text));
    return manifestText(manifest) === text ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** What differs between a manifest and the files beside it, one line each; empty when they match. */
export function compareWithManifest(manifest: Manifest, members: readonly Member[]): readonly string[] {
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const there = members.filter(({ path }) => path !== MANIFEST && path !== SIGNATURE);
  const changed = there.flatMap(({ path, bytes }) => {
    const file = listed.get(path);
    if (file === undefined) return [`${path}: is not in the manifest`];
    const found = sha256(bytes);
    if (found === file.sha256 && bytes.length === file.bytes) return [];
    return [`${path}: expected SHA-256 ${file.sha256} (${file.bytes} bytes), found ${found} (${bytes.length} bytes)`];
  });
  const present = new Set(there.map(({ path }) => path));
  const missing = [...listed.keys()].filter((path) => !present.has(path)).map((path) => `${path}: is missing`);
  const repeated = listed.size === manifest.files.length ? [] : ['the manifest lists a file twice'];
  return [...changed, ...missing, ...repeated];
}
