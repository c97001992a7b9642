import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { domainXml } from '../../../harness/platforms/kvm/domain-xml.js';
import { judgeScheduler } from '../../../harness/platforms/kvm/libvirt.js';
import { chosen, type KvmOptions } from '../../../harness/platforms/kvm/options.js';
import {
  readCpuTotal,
  readMaxMemoryKiB,
  readSchedinfo,
  readVcpupin,
} from '../../../harness/platforms/kvm/virsh-output.js';
import { pathsOf } from '../../../harness/platforms/vm/paths.js';

/** Printed by virsh 9.0 of a guest with two virtual CPUs, pinned one to one, 2389 shares and half a CPU. */
const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

describe('output of virsh', () => {
  it('is read', () => {
    const scheduler = readSchedinfo(fixture('schedinfo'));
    expect([scheduler.get('cpu_shares'), scheduler.get('global_quota'), scheduler.get('vcpu_quota')]).toEqual([
      2389, 50_000, -1,
    ]);
    expect(readVcpupin(fixture('vcpupin'))).toEqual([
      { cpu: 0, allowed: [0] },
      { cpu: 1, allowed: [1] },
    ]);
    expect(readMaxMemoryKiB(fixture('dominfo'))).toBe(163_840);
    expect(readCpuTotal(fixture('domstats'))).toBe(0.476823);
  });

  it('is nothing for other output', () => {
    const text = 'error: failed to get domain\n';
    expect([readSchedinfo(text).size, readVcpupin(text), readMaxMemoryKiB(text), readCpuTotal(text)]).toEqual([
      0,
      [],
      undefined,
      undefined,
    ]);
  });

  it.each([
    [0.5, '2389', ['ok', 'ok']],
    [0.25, '2389', ['ok', 'differs']],
    [0.5, '1024', ['differs', 'ok']],
  ])('is judged against a cap of %f and %s shares', (cpuCap, shares, verdicts) => {
    const findings = judgeScheduler({ cpus: [0], cpuCap }, shares, readSchedinfo(fixture('schedinfo')));
    expect(findings.map(({ verdict }) => verdict)).toEqual(verdicts);
  });
});

describe('domainXml', () => {
  const paths = pathsOf('kvm', { workDir: '/var/lib/bench' }, 'bench-a');
  const identity = {
    name: 'bench-a',
    uuid: paths.uuid,
    mac: '52:54:00:01:02:03',
    addressing: { address: '10.0.2.15/24', gateway: '10.0.2.2', ssh: { address: '127.0.0.1', port: 24_001 } },
    authorizedKey: '',
    hostKey: { private: '', public: '' },
  };
  const xml = (options: Partial<KvmOptions>, shares?: string): string =>
    domainXml(paths, { cpus: [1, 3], cpuCap: 0.5 }, chosen({ image: '/i', ...options }), identity, shares);

  it.each<[Partial<KvmOptions>, string]>([
    [{}, "<vcpu placement='static' cpuset='1,3'>2</vcpu>"],
    [{}, '<global_period>100000</global_period><global_quota>50000</global_quota>'],
    [{ pinning: 'each' }, "<vcpupin vcpu='0' cpuset='1'/><vcpupin vcpu='1' cpuset='3'/>"],
    [{ hugePages: true }, '<memoryBacking><hugepages/></memoryBacking>'],
    [{ cpu: 'host,-rdtscp' }, "<feature policy='disable' name='rdtscp'/>"],
    [{ accel: 'tcg' }, "<domain type='qemu'"],
    [{}, "hostfwd=tcp:127.0.0.1:24001-:22'"],
    [{ network: { bridge: 'br0', address: '10.9.0.1/24' } }, "<source bridge='br0'/>"],
    [{ kernel: '/k', commandLine: 'a&b<c' }, '<cmdline>console=ttyS0 a&amp;b&lt;c</cmdline>'],
  ])('of %j', (options, words) => {
    expect(xml(options)).toContain(words);
  });

  it('has shares only where a weight is requested', () => {
    expect(xml({})).not.toContain('<shares>');
    expect(xml({}, '512')).toContain('<shares>512</shares>');
  });
});
