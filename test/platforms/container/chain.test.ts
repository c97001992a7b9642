import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import type { CgroupView } from '../../../harness/host/cgroup.js';
import { readChain } from '../../../harness/platforms/container/chain.js';

// The groups above a Docker container of a Debian 12 with systemd and control groups v2, in a folder.

const TREE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': { 'cpuset.cpus.effective': '0-3' },
  'bench_0123abcd.slice': { 'cpu.weight': '10000', 'cpu.max': 'max 100000', 'cpuset.cpus.effective': '0-3' },
  'bench_0123abcd.slice/docker-0f3a.scope': { 'cpu.weight': '233', 'cpu.max': 'max 100000' },
};

let root: string;
let view: CgroupView;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bench-chain-'));
  for (const [path, files] of Object.entries(TREE)) {
    await mkdir(join(root, path), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, path, name), `${text}\n`);
  }
  view = {
    mounts: [{ version: 2, controllers: [], root: '/', mountPoint: root }],
    memberships: [{ version: 2, controllers: [], path: '/bench_0123abcd.slice/docker-0f3a.scope' }],
  };
});
afterEach(() => rm(root, { recursive: true, force: true }));

const read = (shape = {}) => readChain(connectLocal(), view, { cpus: [0, 1], ...shape });
const write = (file: string, text: string) => writeFile(join(root, 'bench_0123abcd.slice', file), `${text}\n`);

describe('the groups above a guest', () => {
  it('are read up to the root', async () => {
    expect(await read()).toEqual([
      { check: 'weight of the parent group', expected: 'weight 10000', found: 'weight 10000', verdict: 'ok' },
      {
        check: 'groups above the guest',
        expected: 'no cap below 2 CPUs',
        found: '/bench_0123abcd.slice: weight 10000, CPUs 0-3; /: CPUs 0-3',
        verdict: 'ok',
      },
    ]);
  });

  it('differ once systemd has written its default weight', async () => {
    await write('cpu.weight', '100');
    expect((await read())[0]).toMatchObject({ found: 'weight 100', verdict: 'differs' });
  });

  it('differ without the file of a weight', async () => {
    await rm(join(root, 'bench_0123abcd.slice', 'cpu.weight'));
    expect((await read())[0]).toMatchObject({ found: 'cannot read cpu.weight', verdict: 'differs' });
  });

  it.each([
    ['150000 100000', {}, 'differs'],
    ['200000 100000', {}, 'ok'],
    ['50000 100000', { cpuCap: 0.5 }, 'ok'],
    ['40000 100000', { cpuCap: 0.5 }, 'differs'],
  ])('with the cap %s, for %j: %s', async (cap, shape, verdict) => {
    await write('cpu.max', cap);
    expect((await read(shape))[1]).toMatchObject({ verdict });
  });
});
