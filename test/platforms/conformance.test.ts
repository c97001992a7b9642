import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { driverOf, platforms, type PlatformId } from '../../harness/platforms/index.js';
import { ConformanceTable } from './conformance-table.js';
import { describePlatform, type Bed } from './conformance.js';
import { CRASHES, makeContainerBed, whyNoContainers } from './container-bed.js';
import { startDocker } from './docker-engine.js';
import { LXC_CRASHES, makeLxcBed } from './lxc/bed.js';

/** How a driver is tested on this machine, or why it cannot be. */
interface Trial {
  readonly lacks: string | undefined;
  readonly crashes: readonly string[];
  readonly survived?: readonly string[];
  readonly slow?: boolean;
  readonly makeBed: () => Promise<Bed>;
}

const INIT = [CRASHES.init];
const WATCHER = [CRASHES.watcher];
const ELSEWHERE = 'its guests need more than this machine; see the tests of its own';

const trials: Partial<Record<PlatformId, Trial>> = {
  native: {
    lacks: process.platform === 'linux' ? undefined : 'this is not Linux',
    crashes: [],
    makeBed: makeNativeBed,
  },
  lxc: { lacks: whyNoContainers('lxc-start'), crashes: LXC_CRASHES, makeBed: makeLxcBed },
  docker: {
    lacks: whyNoContainers('docker', 'dockerd', 'containerd'),
    crashes: INIT,
    // The engine ends the container then, but its own `exec` waits for ever.
    survived: WATCHER,
    makeBed: makeDockerBed,
  },
  podman: {
    lacks: whyNoContainers('podman', 'runc'),
    crashes: INIT,
    survived: WATCHER,
    slow: true,
    makeBed: makePodmanBed,
  },
  nspawn: {
    lacks: whyNoContainers('systemd-nspawn'),
    crashes: INIT,
    survived: WATCHER,
    makeBed: () => makeContainerBed('nspawn'),
  },
  // Nothing watches a container of runc's.
  runc: { lacks: whyNoContainers('runc'), crashes: INIT, makeBed: () => makeContainerBed('runc') },
};

async function makeNativeBed(): Promise<Bed> {
  const workDir = await mkdtemp(join(tmpdir(), 'bench-native-'));
  const config = { id: 'here', connect: { via: 'local' } } as const;
  return {
    host: { id: 'here', config, executor: connectLocal(), workDir },
    options: {},
    cpu: 0,
    crashes: {},
    traces: () => Promise.resolve([]),
    remove: () => rm(workDir, { recursive: true, force: true }),
  };
}

async function makeDockerBed(): Promise<Bed> {
  const engine = await startDocker();
  return makeContainerBed('docker', engine.env, () => engine.end());
}

/** With a storage of its own: the machine's list of containers stays as it is. */
async function makePodmanBed(): Promise<Bed> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-containers-'));
  const storage = join(directory, 'storage.conf');
  const content = `[storage]\ndriver = "overlay"\ngraphroot = "${directory}/graph"\nrunroot = "${directory}/run"\n`;
  await writeFile(storage, content);
  return makeContainerBed('podman', { CONTAINERS_STORAGE_CONF: storage }, async () => {
    await connectLocal().exec({ argv: ['umount', '-l', `${directory}/graph/overlay`] });
    await rm(directory, { recursive: true, force: true });
  });
}

const table = new ConformanceTable();
afterAll(() => {
  process.stdout.write(`${table.render()}\n`);
});

for (const { id } of platforms) {
  const trial = trials[id];
  const lacks = trial === undefined ? ELSEWHERE : trial.lacks;
  if (trial === undefined || lacks !== undefined) {
    table.absent(id, lacks ?? '');
    describe(id, () => {
      it.skip(`keeps what a driver promises (skipped: ${lacks ?? ''})`, () => undefined);
    });
    continue;
  }
  describe(id, () => {
    describePlatform({ ...trial, driver: driverOf(id), separate: id !== 'native', table });
  });
}
