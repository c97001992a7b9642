import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from '../../harness/config/load.js';
import { wantedControls } from '../../harness/host/controls/wanted.js';
import { hostsJsonSchema } from '../../harness/config/schema.js';
import { BenchError } from '../../harness/errors.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = readFileSync(join(root, 'hosts.example.json'), 'utf8');

const read = (text: string) =>
  readConfig(text, '/lab/hosts.json', '/home/me', {
    suites: ['lmbench', 'iperf'],
    columns: ['Linux-UP', 'VServer-UP', 'Xen3 two CPUs'],
  });
/** Mistakes of a file with one line, so that the place is left out of the expectation. */
const mistakes = (value: unknown): string[] => {
  const result = read(JSON.stringify(value));
  return result.ok ? [] : result.mistakes.map((line) => line.replace(/^\/lab\/hosts\.json:1:\d+: /, ''));
};

const HOSTS = { alpha: { ssh: 'root@alpha', cpus: 2 }, peer: { connect: 'local' } };
const TARGET = { host: 'alpha', platform: 'native', shape: { cpus: [1] } };
const withHost = (host: unknown) => ({ hosts: { ...HOSTS, beta: host }, targets: {} });
const withTarget = (target: object) => ({ hosts: HOSTS, targets: { t: { ...TARGET, ...target } } });
const withShape = (shape: unknown) => withTarget({ shape });

const NATIVE_UP = { select: { grub: 'native-up' }, expect: { cpus: 1 } };
const withBoots = (boots: object, target: object = {}) => ({
  hosts: { beta: { ssh: 'b', boots } },
  targets: { t: { ...TARGET, host: 'beta', ...target } },
});
const XEN_UP = {
  select: { command: ['efibootmgr', '-n', '3'] },
  reboot: { command: ['ipmitool', 'power', 'cycle'], local: true },
  limitSeconds: 900,
  expect: { kernelRelease: '6.1.', cpus: 1, hypervisor: 'xen', commandLine: ['quiet'] },
};
const SELECT = '{"grub": "title or id of a menu entry"} or {"command": ["program", "argument"]}';

const ID = 'an id: at most 32 lower-case letters, digits, dashes and dots';
const SIZE = 'a size: bytes as a whole number, or text such as "512M" or "2G" (powers of 1024)';
const ADVICE = 'name a key in "identityFiles", use an SSH agent, or leave it to your SSH configuration';
const DESTINATION = 'a destination as ssh takes it: "host", "user@host" or a name of your SSH configuration';

const TABLE: readonly (readonly [what: string, file: unknown, ...lines: string[]])[] = [
  ['no object', [], 'the file: expected an object with "hosts" and "targets", found []'],
  [
    'nothing in it',
    {},
    'hosts: expected an object: ids of hosts and what they are, found nothing',
    'targets: expected an object: ids of targets and what they are, found nothing',
  ],
  [
    'an unknown key',
    { hosts: {}, targets: {}, target: {} },
    'target: expected a known key, found "target"; did you mean "targets"?',
  ],
  [
    'a column that no publication has',
    withTarget({ reproduces: 'VSever-UP' }),
    'targets.t.reproduces: expected the name of a published column, found "VSever-UP"; did you mean "VServer-UP"?',
  ],
  ['a published column in other letters', withTarget({ reproduces: 'xen3 two cpus' })],
  [
    'an empty name of a column',
    withTarget({ reproduces: '' }),
    'targets.t.reproduces: expected the name of a published column, found ""',
  ],
  [
    'an unknown key of a host',
    withHost({ ssh: 'b', usr: 'root' }),
    'hosts.beta.usr: expected a known key, found "usr"; did you mean "user"?',
  ],
  [
    'an unknown key of a shape that is like no other',
    withShape({ cpus: [1], hyperthreads: 2 }),
    'targets.t.shape.hyperthreads: expected a known key, found "hyperthreads"; there are cpus, memory, disk, cpuWeight, cpuCap, cpuReservation',
  ],
  ['a wrong type', withHost({ ssh: 7 }), `hosts.beta.ssh: expected ${DESTINATION}, found 7`],
  [
    'an id with capitals',
    { hosts: { Alpha: { ssh: 'a' } }, targets: {} },
    `hosts.Alpha: expected ${ID}, found "Alpha"`,
  ],
  [
    'a target that names no host',
    withTarget({ host: 'alhpa' }),
    'targets.t.host: expected the id of a host of this file, found "alhpa"; did you mean "alpha"?',
  ],
  [
    'a peer that names no host',
    withTarget({ peer: 'gamma-ray' }),
    'targets.t.peer: expected the id of a host of this file, found "gamma-ray"; there are alpha, peer',
  ],
  [
    'a baseline that names no target',
    { ...withTarget({}), baseline: 'linux-up' },
    'baseline: expected the id of a target of this file, found "linux-up"; there are t',
  ],
  [
    'a CPU that the host lacks',
    withShape({ cpus: [1, 2] }),
    'targets.t.shape.cpus[1]: expected a CPU of host alpha, which has CPUs 0 to 1, found 2',
  ],
  ['no CPU', withShape({ cpus: [] }), 'targets.t.shape.cpus: expected at least one CPU number, found []'],
  [
    'the same CPU twice',
    withShape({ cpus: [1, 1] }),
    'targets.t.shape.cpus: expected CPU numbers in ascending order, each once, found [1,1]',
  ],
  [
    'CPUs in another order',
    withShape({ cpus: [1, 0] }),
    'targets.t.shape.cpus: expected CPU numbers in ascending order, each once, found [1,0]',
  ],
  ['half a CPU', withShape({ cpus: [0.5] }), 'targets.t.shape.cpus[0]: expected a CPU number, 0 to 4095, found 0.5'],
  ['CPUs as text', withShape({ cpus: '0-1' }), 'targets.t.shape.cpus: expected a list of CPU numbers, found "0-1"'],
  ['a decimal size', withShape({ cpus: [1], memory: '1GB' }), `targets.t.shape.memory: expected ${SIZE}, found "1GB"`],
  ['no size', withShape({ cpus: [1], memory: '0M' }), `targets.t.shape.memory: expected ${SIZE}, found "0M"`],
  ['a negative size', withShape({ cpus: [1], disk: -1 }), `targets.t.shape.disk: expected ${SIZE}, found -1`],
  ['a size that is true', withShape({ cpus: [1], disk: true }), `targets.t.shape.disk: expected ${SIZE}, found true`],
  [
    'more cap than CPUs',
    withShape({ cpus: [1], cpuCap: 1.5 }),
    'targets.t.shape.cpuCap: expected at most 1: the guest is pinned to as many CPUs, found 1.5',
  ],
  [
    'a weight out of range',
    withShape({ cpus: [1], cpuWeight: 0 }),
    'targets.t.shape.cpuWeight: expected a weight, 1 to 10000 (100 is the default), found 0',
  ],
  [
    'more reservation than CPUs',
    withShape({ cpus: [0, 1], cpuReservation: 2.5 }),
    'targets.t.shape.cpuReservation: expected at most 2: the guest is pinned to as many CPUs, found 2.5',
  ],
  [
    'a reservation of nothing',
    withShape({ cpus: [0], cpuReservation: 0 }),
    'targets.t.shape.cpuReservation: expected a number of CPUs above 0, found 0',
  ],
  [
    'a boot that its host does not have',
    withBoots({ 'native-up': NATIVE_UP, 'xen-up': NATIVE_UP }, { boot: 'zen-up' }),
    'targets.t.boot: expected one of the "boots" of its host, found "zen-up"; did you mean "xen-up"?',
  ],
  [
    'a boot where its host has none',
    withTarget({ boot: 'xen-up' }),
    'targets.t.boot: expected one of the "boots" of its host, found "xen-up"; there are none',
  ],
  [
    'a boot that inherits its name',
    withBoots({ 'xen-up': NATIVE_UP }, { boot: 'constructor' }),
    'targets.t.boot: expected one of the "boots" of its host, found "constructor"; there are xen-up',
  ],
  [
    'a boot that proves nothing',
    withBoots({ b: { ...NATIVE_UP, expect: {} } }),
    'hosts.beta.boots.b.expect: expected an object with at least one of kernelRelease, cpus, hypervisor, commandLine, found an object',
  ],
  [
    'a boot that is selected in two ways',
    withBoots({ b: { ...NATIVE_UP, select: { grub: 'x', command: ['y'] } } }),
    `hosts.beta.boots.b.select: expected ${SELECT}, found an object`,
  ],
  [
    'a menu entry that is an option',
    withBoots({ b: { ...NATIVE_UP, select: { grub: '--version' } } }),
    'hosts.beta.boots.b.select.grub: expected the title or id of an entry of the GRUB menu, found "--version"',
  ],
  [
    'a command that is a shell string',
    withBoots({ b: { ...NATIVE_UP, reboot: { command: 'ipmitool power cycle' } } }),
    'hosts.beta.boots.b.reboot.command: expected a command: a list of the program and its arguments, found "ipmitool power cycle"',
  ],
  [
    'a hypervisor that there is not',
    withBoots({ b: { ...NATIVE_UP, expect: { hypervisor: 'hyperv' } } }),
    'hosts.beta.boots.b.expect.hypervisor: expected "none", "xen" or "kvm", found "hyperv"; there are none, xen, kvm',
  ],
  [
    'two words in one',
    withBoots({ b: { ...NATIVE_UP, expect: { commandLine: ['maxcpus=1 quiet'] } } }),
    'hosts.beta.boots.b.expect.commandLine[0]: expected a word without blanks, found "maxcpus=1 quiet"',
  ],
  [
    'controls that are a list',
    withHost({ ssh: 'b', controls: ['smt'] }),
    'hosts.beta.controls: expected "leave", or an object: controls and what they are set to, found ["smt"]',
  ],
  [
    'a control that there is not',
    withHost({ ssh: 'b', controls: { gouvernor: 'performance' } }),
    'hosts.beta.controls.gouvernor: expected the name of a control; did you mean "governor"?',
  ],
  [
    'a control set to what it cannot be',
    withHost({ ssh: 'b', controls: { smt: false } }),
    'hosts.beta.controls.smt: expected "leave", or "on" or "off", found false',
  ],
  [
    'an unknown platform',
    withTarget({ platform: 'dokcer' }),
    'targets.t.platform: expected a platform, found "dokcer"; did you mean "docker"?',
  ],
  [
    'an option that the platform does not have',
    withTarget({ platform: 'lxc', options: { rootfs: '/r', brigde: 'br0' } }),
    'targets.t.options.brigde: expected a known key, found "brigde"; did you mean "bridge"?',
  ],
  [
    'an option that the platform needs',
    withTarget({ platform: 'lxc' }),
    'targets.t.options.rootfs: expected string, found nothing',
  ],
  [
    'a password',
    withHost({ ssh: 'b', password: 'hunter2' }),
    `hosts.beta.password: expected no secret in this file; ${ADVICE}`,
  ],
  [
    'a passphrase deep inside',
    withTarget({ platform: 'xen', options: { vnc: { keyPassphrase: 'hunter2' } } }),
    'targets.t.options.image: expected string, found nothing',
    'targets.t.options.vnc: expected a known key, found "vnc"; there are image, kernel, initrd, commandLine, network, bootSeconds, type, hostVm, pool, cpuid',
    `targets.t.options.vnc.keyPassphrase: expected no secret in this file; ${ADVICE}`,
  ],
  [
    'a private key as text',
    withHost({ ssh: 'b', identityFiles: ['-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2'] }),
    `hosts.beta.identityFiles[0]: expected no secret in this file; ${ADVICE}`,
  ],
  [
    'a password in a destination',
    withHost({ ssh: 'me:hunter2@b' }),
    `hosts.beta.ssh: expected no secret in this file; ${ADVICE}`,
  ],
  [
    'no way to reach a host',
    withHost({ cpus: 2 }),
    'hosts.beta: expected "ssh": a destination, or "connect": "local", found neither',
  ],
  [
    'two ways to reach a host',
    withHost({ ssh: 'b', connect: 'local' }),
    'hosts.beta: expected either "ssh" or "connect", found both',
  ],
  [
    'a port of this machine itself',
    withHost({ connect: 'local', port: 22 }),
    'hosts.beta.port: expected no such key on a host that is "local": it is for hosts that are reached over SSH',
  ],
  [
    'another way to connect',
    withHost({ connect: 'telnet' }),
    'hosts.beta.connect: expected "local" (a host over SSH has "ssh" instead), found "telnet"',
  ],
  [
    'a destination that is an option',
    withHost({ ssh: '-oProxyCommand=x' }),
    `hosts.beta.ssh: expected ${DESTINATION}, found "-oProxyCommand=x"`,
  ],
  [
    'a port out of range',
    withHost({ ssh: 'b', port: 70000 }),
    'hosts.beta.port: expected a port, 1 to 65535, found 70000',
  ],
  [
    'a work directory that climbs',
    withHost({ ssh: 'b', workDir: '/var/../etc' }),
    'hosts.beta.workDir: expected an absolute path without ".." and blanks, found "/var/../etc"',
  ],
  [
    'tools of a suite that there is not',
    withHost({ ssh: 'b', toolDirs: { lmbnch: ['/opt'] } }),
    'hosts.beta.toolDirs.lmbnch: expected the id of a suite, found "lmbnch"; did you mean "lmbench"?',
  ],
  ['a host that is null', withHost(null), 'hosts.beta: expected an object that describes a host, found null'],
  [
    'ids that objects inherit',
    { hosts: HOSTS, targets: { t: { ...TARGET, host: 'constructor', peer: 'toString' } } },
    'targets.t.host: expected the id of a host of this file, found "constructor"; there are alpha, peer',
    'targets.t.peer: expected the id of a host of this file, found "toString"; there are alpha, peer',
  ],
];

describe('a mistake in a hosts file is one line', () => {
  it.each(TABLE)('%s', (_what, file, ...lines) => {
    expect(mistakes(file)).toEqual(lines);
  });

  it('five of them are five lines, in the order of the file, with their places', () => {
    const text = [
      '{',
      '  "hosts": {',
      '    "alpha": { "ssh": "alpha", "cpus": 2, "pasword": "x", "password": "hunter2" }',
      '  },',
      '  "targets": {',
      '    "linux-up": { "host": "alhpa", "platform": "natve", "shape": { "cpus": [1] } },',
      '    "lxc-up": { "host": "alpha", "platform": "lxc", "shape": { "cpus": [4] }, "options": { "rootfs": "/r" } }',
      '  }',
      '}',
    ].join('\n');
    expect(read(text)).toEqual({
      ok: false,
      mistakes: [
        '/lab/hosts.json:3:43: hosts.alpha.pasword: expected a known key, found "pasword"; there are description, connect, ssh, user, port, identityFiles, knownHostsFiles, configFile, jump, address, workDir, cpus, toolDirs, lab, boots, controls',
        `/lab/hosts.json:3:59: hosts.alpha.password: expected no secret in this file; ${ADVICE}`,
        '/lab/hosts.json:6:19: targets.linux-up.host: expected the id of a host of this file, found "alhpa"; did you mean "alpha"?',
        '/lab/hosts.json:6:36: targets.linux-up.platform: expected a platform, found "natve"; did you mean "native"?',
        '/lab/hosts.json:7:73: targets.lxc-up.shape.cpus[0]: expected a CPU of host alpha, which has CPUs 0 to 1, found 4',
      ],
    });
  });

  it('never shows a secret', () => {
    const lines = TABLE.flatMap(([, file]) => mistakes(file));
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.filter((line) => line.includes('hunter2'))).toEqual([]);
  });

  it('shows hostile text on one line', () => {
    const lines = mistakes(withTarget({ host: 'a\nb\u001b[31m' }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(String.raw`"a\nb\u001b[31m"`);
  });
});

describe('a hosts file', () => {
  it('that has no mistakes is read in the terms of the harness', () => {
    const result = read(
      JSON.stringify({
        baseline: 't',
        hosts: {
          ...HOSTS,
          beta: {
            ssh: 'b',
            port: 2222,
            user: 'root',
            identityFiles: ['~/.ssh/key', 'keys/id', '/abs/id'],
            configFile: 'ssh_config',
            jump: 'me@gate',
            workDir: '/srv/bench',
            lab: 'namespace',
            boots: { 'xen-up': XEN_UP },
            controls: { governor: 'performance', smt: 'off' },
          },
        },
        targets: {
          t: TARGET,
          u: {
            ...TARGET,
            host: 'beta',
            boot: 'xen-up',
            platform: 'lxc',
            shape: { cpus: [0, 1], memory: '1.5G', disk: 4096, cpuWeight: 700 / 3, cpuCap: 0.25, cpuReservation: 1.5 },
            options: { rootfs: '/r' },
            peer: 'peer',
            label: 'U',
            reproduces: 'VServer-UP',
          },
        },
      }),
    );
    expect(
      result.ok && { ...result.config, hosts: [...result.config.hosts], targets: [...result.config.targets] },
    ).toEqual({
      path: '/lab/hosts.json',
      baseline: 't',
      hosts: [
        ['alpha', { id: 'alpha', connect: { via: 'ssh', destination: 'root@alpha' }, cpus: 2 }],
        ['peer', { id: 'peer', connect: { via: 'local' } }],
        [
          'beta',
          {
            id: 'beta',
            connect: {
              via: 'ssh',
              destination: 'b',
              port: 2222,
              user: 'root',
              identityFiles: ['/home/me/.ssh/key', '/lab/keys/id', '/abs/id'],
              configFile: '/lab/ssh_config',
              jump: 'me@gate',
            },
            workDir: '/srv/bench',
            lab: 'namespace',
            boots: { 'xen-up': XEN_UP },
            controls: { governor: 'performance', smt: 'off' },
          },
        ],
      ],
      targets: [
        ['t', { id: 't', ...TARGET, options: {} }],
        [
          'u',
          {
            id: 'u',
            host: 'beta',
            boot: 'xen-up',
            platform: 'lxc',
            shape: {
              cpus: [0, 1],
              memoryBytes: 1.5 * 2 ** 30,
              diskBytes: 4096,
              cpuWeight: 700 / 3,
              cpuCap: 0.25,
              cpuReservation: 1.5,
            },
            options: { rootfs: '/r' },
            peer: 'peer',
            label: 'U',
            reproduces: 'VServer-UP',
          },
        ],
      ],
    });
  });

  it('may begin with a byte order mark', () => {
    expect(read('\uFEFF{"hosts":{},"targets":{}}').ok).toBe(true);
  });
});

describe('text that is not JSON', () => {
  it.each([
    ['{', '1:2: not JSON: expected the name of a member, in double quotes, found the end of the file'],
    ['', '1:1: not JSON: expected a value, found the end of the file'],
    ['{\n  "hosts": {},\n}', '2:14: not JSON: expected "}", found ","; JSON has no comma after the last one'],
    [
      '{\n  // the lab\n  "hosts": {}\n}',
      '2:3: not JSON: expected the name of a member, in double quotes, found "/"; JSON has no comments; a host has a "description" and a target a "label"',
    ],
    ['{"hosts" {}}', '1:10: not JSON: expected ":", found "{"'],
    [
      "{'hosts': {}}",
      `1:2: not JSON: expected the name of a member, in double quotes, found "'"; JSON has double quotes only`,
    ],
    ['{"a": 01}', '1:8: not JSON: expected "," or "}", found "1"'],
    [
      '{"a": "\n"}',
      '1:7: not JSON: expected a value, found "\\""; text ends on its line, and a backslash in it is written twice',
    ],
    ['{} {}', '1:4: not JSON: expected the end of the file, found "{"'],
  ])('%j', (text, line) => {
    expect(read(text)).toEqual({ ok: false, mistakes: [`/lab/hosts.json:${line}`] });
  });

  it('nested without end is refused', () => {
    const result = read('['.repeat(100_000));
    expect(!result.ok && result.mistakes[0]).toContain('expected at most 100 levels');
  });

  it('names a member that is there twice', () => {
    expect(read('{"hosts":{},"targets":{},\n"hosts":{}}')).toEqual({
      ok: false,
      mistakes: ['/lab/hosts.json:2:1: hosts: expected hosts once, found it again'],
    });
  });
});

describe('loadConfig', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('throws one error of stage config with every mistake', async () => {
    const path = join(folder, 'hosts.json');
    await writeFile(path, '{"hosts":{},"targets":{"a":{}},"baseline":"b"}');
    const error = await loadConfig(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BenchError);
    expect((error as BenchError).problem.stage).toBe('config');
    expect((error as BenchError).problem.message.split('\n')).toHaveLength(4);
  });

  it('names the ways to get a hosts file', async () => {
    await expect(loadConfig(join(folder, 'absent.json'))).rejects.toThrow(/there is no hosts file .*bench init/);
  });
});

it('leaves all settings of a host whose controls are "leave"', () => {
  const result = read(JSON.stringify(withHost({ ssh: 'b', controls: 'leave' })));
  const beta = result.ok ? result.config.hosts.get('beta') : undefined;
  expect(Object.keys(beta?.controls ?? {}).length).toBeGreaterThan(10);
  const wanted = wantedControls({ id: 'beta', connect: { via: 'ssh', destination: 'b' }, ...beta });
  expect([...wanted.byControl.values()].filter(({ kind }) => kind !== 'leave')).toEqual([]);
  expect(wanted.dropPageCache).toBe(false);
});

describe('the JSON Schema of hosts files', () => {
  const committed = JSON.parse(readFileSync(join(root, 'harness/config/hosts.schema.json'), 'utf8')) as object;

  it('is committed as it is now (npm run -s bench -- schema > harness/config/hosts.schema.json)', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(hostsJsonSchema())));
  });

  it('accepts the example and refuses an unknown key', () => {
    const validate = new Ajv2020.default({ strict: false }).compile(committed);
    const file = JSON.parse(example) as { hosts: Record<string, object> };
    expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...file, hosts: { a: { ssh: 'a', usr: 'b' } } })).toBe(false);
  });
});

describe('hosts.example.json', () => {
  it('has no mistakes and shows the systems of the paper and two of today', () => {
    const result = readConfig(example, 'hosts.example.json', '/home/me', { suites: ['lmbench'] });
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && [...result.config.targets.keys()]).toEqual([
      'linux-up',
      'linux-smp',
      'vserver-up',
      'xen3-up',
      'xen3-2cpu',
      'xen3-smp',
      'docker-up',
      'kvm-up',
    ]);
  });
});

describe('a hosts file that cannot be read', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-unreadable-'));
    await writeFile(join(folder, 'utf16.json'), Buffer.from('\ufeff{}', 'utf16le'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['.', /cannot read .* \(expected a file, found a folder\)/],
    ['utf16.json', /cannot read .* \(expected UTF-8, found UTF-16\)/],
    ['utf16.json/x', /cannot read .* \(expected a file, found a file in the place of a folder\)/],
  ])('%s: %s', async (name, message) => {
    await expect(loadConfig(join(folder, name))).rejects.toThrow(message);
  });
});
