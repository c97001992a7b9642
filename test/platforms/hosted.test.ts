import { afterAll, describe, it, vi } from 'vitest';
import { driverOf, type PlatformId } from '../../harness/platforms/index.js';
import { ConformanceTable } from './conformance-table.js';
import { describePlatform, type Conformance } from './conformance.js';
import { CRASHES, makeHostedContainerBed } from './container-bed.js';
import { HOSTS, hostedTargets, type Hosted } from './hosted.js';
import { LXC_CRASHES, makeHostedLxcBed } from './lxc/bed.js';
import { KVM_CRASHES, makeVmBed, XEN_CRASHES } from './vm/bed.js';

// What every driver promises, on machines of a hosts file: hypervisors, and containers under a Debian's own systemd.

// A guest boots in seconds on real hardware, and in a minute on an emulated machine that others keep busy.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

type Tried = Pick<Conformance, 'crashes' | 'survived'> & {
  readonly makeBed: (hosted: Hosted) => ReturnType<Conformance['makeBed']>;
};

const engine: Tried = { crashes: [CRASHES.init], survived: [CRASHES.watcher], makeBed: makeHostedContainerBed };
const trials: Partial<Record<PlatformId, Tried>> = {
  xen: { crashes: [XEN_CRASHES.guest], survived: [XEN_CRASHES.toolstack], makeBed: makeVmBed },
  kvm: { crashes: [KVM_CRASHES.guest], makeBed: makeVmBed },
  lxc: { crashes: LXC_CRASHES, makeBed: makeHostedLxcBed },
  docker: engine,
  podman: engine,
  nspawn: engine,
  runc: { crashes: [CRASHES.init], makeBed: makeHostedContainerBed },
};

const table = new ConformanceTable();
afterAll(() => {
  process.stdout.write(`${table.render()}\n`);
});

const targets = await hostedTargets();
for (const [id, tried] of Object.entries(trials) as [PlatformId, Tried][]) {
  const hosted = targets.find(({ target }) => target.platform === id);
  if (hosted === undefined) {
    const lacks = `needs a hosts file with a target on ${id} in ${HOSTS}: see npm run test:emulated`;
    table.absent(id, lacks);
    describe(id, () => {
      it.skip(`keeps what a driver promises (skipped: ${lacks})`, () => undefined);
    });
    continue;
  }
  describe(`${id} by ${hosted.target.id}`, () => {
    describePlatform({ ...tried, driver: driverOf(id), separate: true, table, makeBed: () => tried.makeBed(hosted) });
  });
}
