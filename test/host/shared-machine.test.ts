import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fakeConnection } from '../../harness/connect/fake.js';
import { asReached, isThisMachine, sharedWithBench } from '../../harness/host/shared-machine.js';
import { thisProcess } from '../../harness/process-identity.js';
import type { HostConfig } from '../../harness/types.js';

const local: HostConfig['connect'] = { via: 'local' };
const ssh: HostConfig['connect'] = { via: 'ssh', destination: 'alpha' };

describe('what a host shares with the machine that runs bench', () => {
  it.each([
    ['this machine', { connect: local }, 'kernel'],
    ['a lab host in namespaces of this machine', { connect: ssh, lab: 'namespace' }, 'kernel'],
    ['an emulated lab machine', { connect: ssh, lab: 'emulated' }, 'processors'],
    ['this machine, even if it calls itself emulated', { connect: local, lab: 'emulated' }, 'kernel'],
    ['a host over SSH', { connect: ssh }, 'nothing'],
    // Its address does not decide: a tunnel to a remote machine also begins at 127.0.0.1.
    ['a host over SSH at a loopback address', { connect: { via: 'ssh', destination: '127.0.0.1' } }, 'nothing'],
  ] as const)('%s', (_, host, expected) => {
    expect(sharedWithBench(host)).toBe(expected);
  });
});

describe('a host over SSH', () => {
  const host: HostConfig = { id: 'alpha', connect: ssh };
  const bootId = '0b7f0a4e-7a0e-4c57-9c58-7a1f3f1c2d3e';
  const inBoot = (id: string, more: Partial<HostConfig> = {}, scope = `m-${bootId.replaceAll('-', '')}-4026531836`) =>
    asReached(
      fakeConnection([{ when: ['cat', '/proc/sys/kernel/random/boot_id'], answer: { stdout: `${id}\n` } }]),
      { ...host, ...more },
      { scope },
    );

  it('in the boot of the machine that runs bench is that machine', async () => {
    const found = await inBoot(bootId);
    expect(found).toEqual({ ...host, sharesKernel: true });
    expect(sharedWithBench(found)).toBe('kernel');
    expect(isThisMachine(found)).toBe(true);
  });

  it.each([
    ['in another boot', inBoot('11111111-7a0e-4c57-9c58-7a1f3f1c2d3e')],
    ['without a boot id', inBoot('')],
    ['seen from where no boot id can be read', inBoot('', {}, 'm--')],
  ])('%s is another one', async (_, found) => {
    expect(sharedWithBench(await found)).toBe('nothing');
    expect(isThisMachine(await found)).toBe(false);
  });

  it('of the lab is what the lab states', async () => {
    expect(await inBoot(bootId, { lab: 'namespace' })).toEqual({ ...host, lab: 'namespace' });
    expect(sharedWithBench(await inBoot(bootId, { lab: 'emulated' }))).toBe('processors');
  });

  it('is this machine by its own boot id', async () => {
    const id = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    expect(await inBoot(id, {}, (await thisProcess()).scope)).toMatchObject({ sharesKernel: true });
  });
});
