import { afterAll, describe, it, vi } from 'vitest';
import { driverOf } from '../../../harness/platforms/index.js';
import { ConformanceTable } from '../conformance-table.js';
import { describePlatform } from '../conformance.js';
import { hostedTargets, KVM_CRASHES, makeVmBed, XEN_CRASHES } from './bed.js';

// A guest boots in seconds on real hardware, and in a minute on an emulated machine that others keep busy.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const HOSTS = 'BENCH_TEST_VM_HOSTS';
const table = new ConformanceTable();
afterAll(() => {
  process.stdout.write(`${table.render()}\n`);
});

const platforms = [
  ['xen', XEN_CRASHES],
  ['kvm', KVM_CRASHES],
] as const;
const targets = await hostedTargets(process.env[HOSTS]);

for (const [id, crashes] of platforms) {
  const hosted = targets.filter(({ target }) => target.platform === id);
  if (hosted.length === 0) {
    const lacks = `needs a hosts file with a target on ${id} in ${HOSTS}; \`bench lab up --with ${id}\` writes one`;
    table.absent(id, lacks);
    describe(id, () => {
      it.skip(`keeps what a driver promises (skipped: ${lacks})`, () => undefined);
    });
    continue;
  }
  describe.each(hosted.slice(0, 1))(`${id} by $target.id`, (one) => {
    describePlatform({
      driver: driverOf(id),
      separate: true,
      crashes: [crashes.guest],
      survived: 'toolstack' in crashes ? [crashes.toolstack] : [],
      table,
      makeBed: () => makeVmBed(one),
    });
  });
}
