import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstMismatch, judgeBoot, LOOK_AT_BOOT, readBootState } from '../../harness/host/boot-state.js';
import type { BootProfile } from '../../harness/types.js';

// As printed by a Debian 12 machine, booted natively with one CPU, and as the host VM of Xen 4.17.
const NATIVE = `boot 3ce5f852-857a-401b-9a7d-413a03285c8e
release 6.1.0-56-amd64
online 1
type 
capabilities 
clocks tsc hpet acpi_pm 
cmdline BOOT_IMAGE=/var/lib/lab/vmlinuz root=/dev/vda1 console=ttyS0 quiet maxcpus=1
`;
const HOST_VM = `boot 327c9da2-666f-47e9-99ba-74eee584e6b4
release 6.1.0-56-amd64
online 1
type xen
capabilities control_d
clocks xen tsc 
cmdline root=/dev/vda1 console=hvc0 quiet
`;

describe('what a host reports about its boot', () => {
  it('is read from a native kernel', () => {
    expect(readBootState(NATIVE)).toEqual({
      bootId: '3ce5f852-857a-401b-9a7d-413a03285c8e',
      kernelRelease: '6.1.0-56-amd64',
      cpus: 1,
      hypervisor: 'none',
      commandLine: ['BOOT_IMAGE=/var/lib/lab/vmlinuz', 'root=/dev/vda1', 'console=ttyS0', 'quiet', 'maxcpus=1'],
    });
  });

  it.each([
    ['the host VM of Xen', HOST_VM, 'xen'],
    ['one whose sysfs does not show it', HOST_VM.replace('type xen', 'type '), 'xen'],
    ['a guest of KVM', NATIVE.replace('clocks tsc', 'clocks kvm-clock tsc'), 'kvm'],
    ['a clock with a similar name', NATIVE.replace('clocks tsc', 'clocks not-kvm-clock tsc'), 'none'],
  ])('names the hypervisor of %s', (_what, text, hypervisor) => {
    expect(readBootState(text)?.hypervisor).toBe(hypervisor);
  });

  it.each([
    ['nothing', ''],
    ['no boot id', NATIVE.replace(/boot .*\n/, 'boot \n')],
    ['something else as boot id', NATIVE.replace(/boot .*\n/, 'boot ../../x; rm\n')],
  ])('is refused with %s', (_what, text) => {
    expect(readBootState(text)).toBeUndefined();
  });

  it('names the member that could not be read', () => {
    const state = readBootState(NATIVE.replace('online 1', 'online ').replace('release 6.1.0-56-amd64', 'release '));
    expect(state).toMatchObject({ cpus: undefined, kernelRelease: undefined });
    const findings = state === undefined ? [] : judgeBoot({ kernelRelease: '6.1', cpus: 1 }, state);
    expect(findings.map(({ verdict, found }) => [verdict, found])).toEqual([
      ['differs', 'cannot be read'],
      ['differs', 'cannot be read'],
    ]);
  });

  it('is what this machine reports, too', () => {
    const { stdout, status } = spawnSync('sh', ['-c', LOOK_AT_BOOT], { encoding: 'utf8' });
    expect(status).toBe(0);
    const state = readBootState(stdout);
    expect(state?.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(state?.kernelRelease).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
    expect(state?.cpus).toBeGreaterThan(0);
  });
});

describe('a boot profile', () => {
  it.each<[string, string, BootProfile['expect'], string | undefined]>([
    ['is proved by all of its members', NATIVE, { kernelRelease: '6.1.', cpus: 1, hypervisor: 'none' }, undefined],
    ['is proved by a word of the command line', NATIVE, { commandLine: ['maxcpus=1'] }, undefined],
    ['is not proved by the beginning of a word', NATIVE, { commandLine: ['maxcpus=10'] }, 'kernel command line'],
    ['is not proved by two words as one', NATIVE, { commandLine: ['quiet maxcpus=1'] }, 'kernel command line'],
    ['is not proved on other CPUs', NATIVE, { cpus: 2 }, 'CPUs online'],
    ['is not proved by another kernel', NATIVE, { kernelRelease: '6.12.' }, 'kernel release'],
    ['is not proved natively when it is Xen', NATIVE, { hypervisor: 'xen', cpus: 1 }, 'hypervisor'],
    ['is not proved under Xen when it is native', HOST_VM, { hypervisor: 'none' }, 'hypervisor'],
  ])('%s', (_what, text, expect_, wrong) => {
    const state = readBootState(text);
    expect(state).toBeDefined();
    if (state !== undefined) expect(firstMismatch(judgeBoot(expect_, state))?.check).toBe(wrong);
  });
});
