import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkSignature,
  compareWithManifest,
  decompress,
  extract,
  MANIFEST,
  MAX_BUNDLE_BYTES,
  noBundle,
  readArchive,
  readManifest,
  SIGNATURE,
  type Manifest,
  type Member,
} from '../bundle/index.js';
import { counted } from '../../reports/narrative/format.js';
import { foundInstead, messageOf } from '../errors.js';
import { loadRun } from '../store/index.js';
import { readRegular } from '../store/files.js';
import { renderBundled } from './bundle-report.js';
import { version } from '../version.js';

/** One thing that was checked. `otherVersion`: only the version that made the bundle can check it. */
export interface BundleCheck {
  readonly check: 'signature' | 'archive' | 'checksums' | 'runs' | 'report';
  readonly verdict: 'ok' | 'failed' | 'other version' | 'not checked';
  readonly detail: string;
  /** One line for each finding. */
  readonly findings: readonly string[];
}

/** A bundle that was read, and what was checked of it. */
export interface CheckedBundle {
  readonly manifest: Manifest;
  readonly members: readonly Member[];
  readonly checks: readonly BundleCheck[];
}

/**
 * Reads and checks a bundle. Nothing of it is written but into a folder for temporary files, which is removed, and that only
 * when its checksums match. Throws a `BenchError` of stage `config` for a file that is no bundle.
 */
export async function checkBundle(path: string, allowedSigners: string | undefined): Promise<CheckedBundle> {
  const members = await readArchive(await decompress(await readFile(path)));
  const bytes = members.find((member) => member.path === MANIFEST)?.bytes;
  const manifest = bytes === undefined ? undefined : readManifest(bytes);
  if (bytes === undefined || manifest === undefined) {
    const found = bytes === undefined ? 'no manifest' : 'a manifest that it did not write, or of another version';
    throw noBundle(`${path} is no bundle`, { expected: 'what `bench bundle` writes', found });
  }
  const signature = members.find((member) => member.path === SIGNATURE)?.bytes;
  const differences = compareWithManifest(manifest, members);
  const checks: BundleCheck[] = [
    await signatureCheck(bytes, signature, allowedSigners),
    passed('archive', `${counted(members.length, 'file')}, in the form that bench writes`),
    differences.length === 0
      ? passed(
          'checksums',
          `SHA-256 of ${counted(manifest.files.length, 'file')} as in the manifest, and no other file`,
        )
      : failed('checksums', 'files differ from the manifest', differences),
  ];
  if (differences.length > 0) return { manifest, members, checks: [...checks, skipped('runs'), skipped('report')] };
  const folder = await mkdtemp(join(tmpdir(), 'bench-verify-'));
  try {
    await extract(folder, members, false);
    const runs = await runsCheck(folder, manifest, members);
    const report = runs.verdict === 'ok' ? await reportCheck(folder, manifest, members) : skipped('report');
    return { manifest, members, checks: [...checks, runs, report] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readFile(path: string): Promise<Buffer> {
  const reading = await readRegular(path, MAX_BUNDLE_BYTES).catch((error: unknown) => {
    throw noBundle(`cannot read ${path}`, { found: foundInstead(error) });
  });
  if (reading.bytes !== undefined) return reading.bytes;
  throw noBundle(reading.absent ? `there is no bundle ${path}` : `${path} ${reading.why}`);
}

async function signatureCheck(
  manifest: Uint8Array,
  signature: Uint8Array | undefined,
  allowedSigners: string | undefined,
): Promise<BundleCheck> {
  if (signature !== undefined) {
    const { ok, detail } = await checkSignature(manifest, signature, allowedSigners);
    return ok ? passed('signature', detail) : failed('signature', detail);
  }
  if (allowedSigners === undefined) return passed('signature', 'none');
  return failed('signature', 'none, and --allowed-signers needs one');
}

/** Damage of a run is shown and no failure: the report shows it, too. */
async function runsCheck(folder: string, manifest: Manifest, members: readonly Member[]): Promise<BundleCheck> {
  const listed = new Set(manifest.runs.map(({ id }) => id));
  const present = new Set(members.flatMap(({ path }) => /^runs\/([^/]+)\//.exec(path)?.[1] ?? []));
  const { runs, noise } = manifest.report;
  const findings = [
    ...[...present].filter((id) => !listed.has(id)).map((id) => `${id}: is not in the manifest`),
    ...[...new Set([...runs, ...(noise === null ? [] : [noise])])]
      .filter((id) => !listed.has(id))
      .map((id) => `${id}: is in the report and not in the bundle`),
  ];
  const damage: string[] = [];
  for (const { id, planHash } of manifest.runs) {
    try {
      const run = await loadRun(join(folder, 'runs'), id);
      if (run.stored.hash !== planHash) findings.push(`${id}: expected the plan ${planHash}, found ${run.stored.hash}`);
      damage.push(...run.damage.map((what) => `${id}: ${what}`));
    } catch (error) {
      findings.push(`${id}: ${messageOf(error)}`);
    }
  }
  if (findings.length > 0) return failed('runs', 'runs cannot be read as the manifest lists them', findings);
  const state = damage.length === 0 ? 'without damage' : 'with damage, which the report shows';
  return { ...passed('runs', `${counted(manifest.runs.length, 'run')}, ${state}`), findings: damage };
}

async function reportCheck(folder: string, manifest: Manifest, members: readonly Member[]): Promise<BundleCheck> {
  const { bench } = manifest;
  if (bench !== version()) {
    const detail = `made by bench ${bench}, and this is ${version()}: only that version makes the same bytes`;
    return { check: 'report', verdict: 'other version', detail, findings: [] };
  }
  try {
    const made = await renderBundled(folder, manifest);
    const findings = made.flatMap(({ path, bytes }) => {
      const there = members.find((member) => member.path === path);
      if (there === undefined) return [`${path}: is missing`];
      return Buffer.from(bytes).equals(there.bytes) ? [] : [`${path}: is not what bench ${bench} makes of the runs`];
    });
    if (findings.length > 0) return failed('report', 'differs when it is made again', findings);
    return passed('report', `${made.map(({ path }) => path).join(' and ')} are the same bytes when made again`);
  } catch (error) {
    return failed('report', `cannot be made again: ${messageOf(error)}`);
  }
}

const passed = (check: BundleCheck['check'], detail: string): BundleCheck => ({
  check,
  verdict: 'ok',
  detail,
  findings: [],
});
const failed = (check: BundleCheck['check'], detail: string, findings: readonly string[] = []): BundleCheck => ({
  check,
  verdict: 'failed',
  detail,
  findings,
});
const skipped = (check: BundleCheck['check']): BundleCheck => ({
  check,
  verdict: 'not checked',
  detail: 'because of the above',
  findings: [],
});
