import { readFile } from 'node:fs/promises';
import type { Facts } from '../types.js';

/**
 * Facts of the machine that runs `bench`, which may be none of the hosts. Nothing that identifies it beyond its kind:
 * no serial numbers, addresses or names. A part that cannot be read is null.
 */
export async function gatherOrchestratorFacts(): Promise<Facts> {
  const { default: machine } = await import('systeminformation');
  const [os, cpu, memory] = await Promise.all([
    machine.osInfo().catch(() => null),
    machine.cpu().catch(() => null),
    machine.mem().catch(() => null),
  ]);
  return {
    bench: (await ownVersion()) ?? null,
    node: process.version,
    os: os === null ? null : `${os.distro} ${os.release}`.trim(),
    kernel: os === null ? null : os.kernel,
    arch: os === null ? null : os.arch,
    cpu: cpu === null ? null : { model: `${cpu.manufacturer} ${cpu.brand}`.trim(), count: cpu.cores },
    memoryBytes: memory === null ? null : memory.total,
  };
}

/** The version in this package's `package.json`, two levels up in the source tree and three in `dist`. */
async function ownVersion(): Promise<string | undefined> {
  for (const up of ['../../package.json', '../../../package.json']) {
    const text = await readFile(new URL(up, import.meta.url), 'utf8').catch(() => undefined);
    const manifest: unknown = text === undefined ? undefined : JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) continue;
    if (typeof manifest.version === 'string') return manifest.version;
  }
  return undefined;
}
