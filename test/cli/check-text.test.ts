import { describe, expect, it } from 'vitest';
import { describeChecks } from '../../harness/cli/check-text.js';
import type { HostCheck } from '../../harness/run/check.js';
import type { Finding } from '../../harness/types.js';

const ok: Finding = { check: 'CPUs online', expected: '0', found: '0-1', verdict: 'ok' };
const rootfs: Finding = {
  check: 'root file system',
  expected: 'a folder',
  found: 'nothing',
  verdict: 'differs',
  hint: '`bench rootfs` makes one',
};
const seccomp: Finding = {
  check: 'seccomp',
  expected: 'a profile',
  found: 'it cannot be read',
  verdict: 'unavailable',
};
const long = 'x'.repeat(3000);
const here: HostCheck = {
  host: 'here',
  facts: {
    os: { id: 'debian', name: 'Debian 12' },
    kernel: { release: '6.1.0' },
    cpu: { model: 'EPYC', count: 2 },
    memory: { totalBytes: 2 ** 34 },
    mitigations: long,
    disk: null,
  },
  controls: {
    states: [
      { control: 'ksm', now: 'on', wanted: 'off' },
      { control: 'swap', now: '60' },
      { control: 'watchdogs', now: 'off', original: 'on', wanted: 'off', met: true },
      { control: 'turbo', now: null, why: 'no cpufreq' },
    ],
    inForce: { run: 'r', who: 'ada@desk', since: '2026-01-01', restarted: false },
  },
  targets: [
    { target: 'linux-up', findings: [ok] },
    { target: 'lxc-up', findings: [ok, rootfs] },
    { target: 'kvm-up', findings: [seccomp] },
    { target: 'docker-up', findings: [seccomp, rootfs, ok] },
  ],
};
const far: HostCheck = {
  host: 'far',
  problem: { host: 'far', stage: 'connect', message: 'refused' },
  facts: {},
  targets: [],
};

describe('what bench check prints', () => {
  it('is the verdicts first, a line each, then what differs, then each host in short', () => {
    expect(describeChecks([here, far], { verbose: false }).split('\n')).toEqual([
      'target linux-up on here: ok',
      'target lxc-up on here: differs: root file system: expected a folder, found nothing; `bench rootfs` makes one',
      'target kvm-up on here: ok, but not all can be read: seccomp: expected a profile, found it cannot be read',
      'target docker-up on here: differs: 2 findings, see below',
      'host far: cannot be used: host far, stage connect: refused',
      '',
      'target docker-up',
      '  unavailable  seccomp           expected a profile, found it cannot be read',
      '  differs      root file system  expected a folder, found nothing; `bench rootfs` makes one',
      '',
      'host here',
      '  Debian 12, kernel 6.1.0, EPYC, 2 CPUs, 16.0 GiB of memory',
      '  a run sets: ksm on -> off',
      '  changed now: watchdogs; set for run r of ada@desk since 2026-01-01; `bench restore --host here` restores the original values if the run has ended',
      '  everything: --verbose',
      '',
    ]);
  });

  it('is every finding, fact and setting with --verbose, and never cut', () => {
    const text = describeChecks([here], { verbose: true });
    expect(text).toMatch(/^target linux-up on here: ok\n/);
    expect(text).toContain('  ok  CPUs online  0-1\n');
    expect(text).toContain(long);
    expect(text).toMatch(/^ {2}turbo +not available +no cpufreq$/m);
    expect(text).toMatch(/^ {2}watchdogs +off +was on; as requested: off$/m);
    expect(text).not.toContain('disk');
  });

  it('has a work directory that a run would refuse in the first lines', () => {
    const workDir = { problem: { host: 'here', stage: 'lock', message: 'others may write to /srv' } } as const;
    expect(describeChecks([{ ...here, workDir }], { verbose: false })).toMatch(
      /^host here: cannot be used: host here, stage lock: others may write to \/srv\n/,
    );
  });

  it('shows no control characters of hosts', () => {
    const hostile: Finding = { ...rootfs, found: 'a\u001b[2J\nb' };
    const facts = { os: { name: 'x\u001b[2J' } };
    const text = describeChecks([{ ...here, facts, targets: [{ target: 't', findings: [hostile] }] }], {
      verbose: false,
    });
    expect(text).not.toContain('\u001b');
  });
});
