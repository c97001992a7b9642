import { describe, expect, it } from 'vitest';
import { buildReport, exporters, loadAssets, makeRedactor, type Report } from '../../reports/index.js';
import { redactFacts } from '../../reports/redact/facts.js';
import { makePseudonyms } from '../../reports/redact/pseudonyms.js';
import { textRedactor } from '../../reports/redact/text.js';
import type { Facts, GateReading, JournalEntry, LoadedRun } from '../../harness/types.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

const BOOTS = ['0b7f0a4e-7a0e-4c57-9c58-7a1f3f1c2d3e', '1c8f0a4e-7a0e-4c57-9c58-7a1f3f1c2d3e'] as const;

/** What must not be in a redacted report, in any format. */
const SECRETS = [
  'ada.lovelace',
  'desk-17',
  'zeus',
  'hera',
  'corp.example',
  '10.20.30.40',
  '2001:db8::17',
  '52:54:00:12:34:56',
  ...BOOTS,
  'vg_secret',
  'PVEPASS',
  'firefox',
  'payroll',
  'wg-corp',
  'Initech',
  'X9-1234',
  '2.17.1337',
];

const facts = (hostname: string, bootId: string): Facts => ({
  kernel: { system: 'Linux', release: '6.1.0-13-amd64', version: '#1 SMP', arch: 'x86_64' },
  commandLine: `BOOT_IMAGE=/vmlinuz root=/dev/mapper/vg_secret-root ro isolcpus=1-3 mitigations=off ip=10.20.30.40 luks.key=PVEPASS`,
  hostname,
  bootId,
  fileSystem: {
    type: 'ext4',
    mountPoint: '/',
    source: '/dev/mapper/vg_secret-root',
    options: 'addr=10.20.30.40,lowerdir=/srv/payroll,relatime,rw',
  },
  swaps: [{ name: '/dev/mapper/vg_secret-swap', type: 'partition', bytes: 1024 }],
  virtualization: { hypervisor: false, type: null, guestType: null, vendor: 'Initech', product: 'X9-1234' },
  firmware: { vendor: 'Initech', version: '2.17.1337', date: '01/02/2024' },
  mtu: { lo: 65536, eth0: 1500, 'wg-corp': 1420 },
});

const journal: readonly JournalEntry[] = [
  { at: '2026-11-21T07:00:00.000Z', event: 'opened', by: 'ada.lovelace@desk-17.corp.example' },
  {
    at: '2026-11-21T07:00:01.000Z',
    event: 'facts',
    of: 'host zeus',
    boot: BOOTS[0],
    facts: facts('zeus.corp.example', BOOTS[0]),
  },
  { at: '2026-11-21T07:00:01.000Z', event: 'facts', of: 'host hera', boot: BOOTS[1], facts: facts('hera', BOOTS[1]) },
  { at: '2026-11-21T07:00:02.000Z', event: 'deviation', what: 'host hera was given up: 10.20.30.40 port 22 is closed' },
];

const gate: GateReading = {
  gate: 'foreign-load',
  verdict: 'noted',
  value: 12,
  limit: 5,
  detail: 'CPU 1: 12.0 % used by others: firefox (812) 9.0 %, payroll d (7) 3.0 %',
};
const warnings: GateReading = {
  ...gate,
  gate: 'kernel-warnings',
  detail: '1 new in the kernel log of the host: segfault of payroll on zeus',
};

function secretRun(): LoadedRun {
  const run = demoRun({
    trials: 3,
    targets: [
      { id: 'linux-up', host: 'zeus', peer: 'hera' },
      {
        id: 'lxc-up',
        host: 'hera',
        platform: 'lxc',
        slowdown: 1.2,
        options: { address: '10.20.30.40', mac: '52:54:00:12:34:56' },
      },
    ],
    journal,
    bootOf: (target) => (target === 'linux-up' ? BOOTS[0] : BOOTS[1]),
    damage: ['journal.jsonl:9: of ada.lovelace@zeus'],
    outcome: (target, trial) =>
      target === 'lxc-up' && trial === 2
        ? {
            status: 'failed',
            problem: { stage: 'connect', host: 'hera', message: 'cannot reach hera.corp.example (2001:db8::17)' },
            artifacts: [],
          }
        : undefined,
  });
  const findings = [
    { check: 'address of zeus', expected: '10.20.30.40', found: '/home/ada.lovelace/x', verdict: 'differs' },
  ] as const;
  const records = run.records.map((record) => ({ ...record, findings: [...findings], gates: [gate, warnings] }));
  return { ...run, records };
}

const plain = (): Report => buildReport([secretRun()], { suites: [suite] });
function redacted(): Report {
  const run = secretRun();
  const redactor = makeRedactor([run]);
  return redactor.report(buildReport([redactor.run(run)], { suites: [suite] }));
}

describe('a redacted report', () => {
  it.each(exporters.map((exporter) => [exporter.id, exporter] as const))('has no secret as %s', async (_, exporter) => {
    const options = { assets: loadAssets, linkBase: '.', width: 120 };
    const text = await exporter.render(redacted(), options);
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
    // The secrets reach a report that is not redacted, or they would prove nothing.
    if (exporter.id !== 'json') return;
    const all = await exporter.render(plain(), options);
    expect(SECRETS.filter((secret) => !all.includes(secret))).toEqual([]);
  });

  it('has the same numbers', () => {
    const numbers = ({ cells }: Report) =>
      cells.map(({ center, low, high, ratio, n, verdict }) => [center, low, high, ratio, n, verdict]);
    expect(numbers(redacted())).toEqual(numbers(plain()));
  });

  it('gives one name one pseudonym', () => {
    const { systems, facts: subjects, trials } = redacted();
    const [linux, lxc] = systems;
    expect([linux?.host, linux?.peer, lxc?.host]).toEqual(['host-1', 'host-2', 'host-2']);
    const ofHost = subjects.filter(({ of }) => of.startsWith('host '));
    expect(ofHost.map(({ of }) => of)).toEqual(['host host-1', 'host host-2']);
    expect(ofHost[1]?.facts['hostname']).toBe('host-2');
    expect(new Set(trials.map(({ boot }) => boot))).toEqual(new Set(ofHost.map(({ boot }) => boot)));
    expect(trials.find(({ status }) => status === 'failed')?.why).toContain('cannot reach host-2');
  });

  it('keeps what changes a measurement', () => {
    const [subject] = redacted().facts.filter(({ of }) => of.startsWith('host '));
    expect(subject?.facts).toMatchObject({
      kernel: { release: '6.1.0-13-amd64' },
      commandLine: 'ro isolcpus=1-3 mitigations=off (4 withheld)',
      fileSystem: { type: 'ext4', mountPoint: '/', source: 'disk-1', options: 'relatime,rw' },
      mtu: { lo: 65_536, eth0: 1500, 'interface-1': 1420 },
    });
  });
});

describe('what identifies', () => {
  it('is listed by kind, with what is left out', () => {
    const pseudonyms = makePseudonyms();
    const redact = textRedactor({ hosts: new Set(['zeus']), users: new Set(['ada']) }, pseudonyms);
    redact('zeus 10.0.0.7: 12.0 % used by others: cron (812) 9.0 % (limit 5 %)');
    redactFacts({ commandLine: 'ro quiet root=/dev/vg-ada/root' }, redact, pseudonyms);
    expect(pseudonyms.seen()).toEqual([
      { kind: 'user', name: 'ada' },
      { kind: 'host', name: 'zeus' },
      { kind: 'process', name: 'cron (812) 9.0 %' },
      { kind: 'address', name: '10.0.0.7' },
      { kind: 'kernel option', name: 'root=/dev/vg-ada/root' },
    ]);
  });

  it('is nothing in what was redacted, and pseudonyms stay', () => {
    const pseudonyms = makePseudonyms();
    expect([pseudonyms.of('host', 'host-2'), pseudonyms.of('host', 'zeus')]).toEqual(['host-2', 'host-3']);
    expect(pseudonyms.seen()).toEqual([{ kind: 'host', name: 'zeus' }]);
  });
});

describe('a sentence', () => {
  it.each([
    ['zeus is in use by ada on desk', 'host-1 is in use by user-1 on desk'],
    ['zeusian, zeus-2 and a zeus.', 'zeusian, zeus-2 and a host-1.'],
    ['root@zeus', 'root@host-1'],
    ['zeus.corp.example. It', 'host-1. It'],
    ['bob@mars (process 7)', 'user-2@host-2 (process 7)'],
    ['at 07:00:01, CPUs 0-3,7, 1.2.3', 'at 07:00:01, CPUs 0-3,7, 1.2.3'],
    ['from 192.168.0.1:22 to fe80::1 and 192.168.0.1', 'from address-2:22 to address-1 and address-2'],
    [`boot ${BOOTS[0]}`, 'boot boot-1'],
    ['/home/bob/.ssh and /root', '/home/user-2/.ssh and /root'],
    ['12.0 % used by others: a (b) c (812) 9.0 %, d (7) 3.0 % (limit 5 %)', '12.0 % used by others (limit 5 %)'],
  ])('%j becomes %j', (text, expected) => {
    const names = { hosts: new Set(['zeus', 'a', 'localhost']), users: new Set(['ada', 'root']) };
    expect(textRedactor(names, makePseudonyms())(text)).toBe(expected);
  });
});
