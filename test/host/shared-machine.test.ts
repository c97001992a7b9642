import { describe, expect, it } from 'vitest';
import { sharedWithBench } from '../../harness/host/shared-machine.js';
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
