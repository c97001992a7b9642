import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { init, type InitOptions, type InitWorld } from '../../../harness/cli/init/index.js';
import { loadConfig } from '../../../harness/config/load.js';
import { UnknownHostKey } from '../../../harness/connect/host-key.js';
import { BenchError } from '../../../harness/errors.js';
import type { Connection } from '../../../harness/types.js';
import { printerOn } from '../captured-printer.js';

let folder = '';
let hosts = '';
let knownHosts = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-init-'));
  hosts = join(folder, 'hosts.json');
  knownHosts = join(folder, 'ssh/known_hosts');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FINGERPRINT = 'SHA256:abc';
const LINE = 'alpha ssh-ed25519 AAAA';

/** A machine with this many CPUs, whose key has to be in known_hosts. */
function machine(cpus: number): InitWorld & { readonly reached: string[] } {
  const reached: string[] = [];
  return {
    reached,
    connect: (host) => {
      reached.push(host.id);
      const known = existsSync(knownHosts) && readFileSync(knownHosts, 'utf8').split('\n').includes(LINE);
      if (host.connect.via === 'ssh' && !known) {
        const cause = new UnknownHostKey('alpha', `${FINGERPRINT} (ssh-ed25519)`, knownHosts, LINE);
        throw new BenchError({ stage: 'connect', message: 'the host key of alpha is not known' }, { cause });
      }
      const exec = () => Promise.resolve({ exit: { kind: 'code', code: 0 }, stdout: `${cpus}\n` });
      return Promise.resolve({ exec, close: () => Promise.resolve() } as unknown as Connection);
    },
  };
}

/** Runs the verb in a script, or with these answers on a terminal. */
async function run(given: Partial<InitOptions>, world: InitWorld = machine(2), answers?: readonly string[]) {
  const { printer, stdout, stderr } = printerOn(false);
  const questions: string[] = [];
  const left = [...(answers ?? [])];
  const ask = (question: string, preset: string): Promise<string> => {
    questions.push(question);
    return Promise.resolve(left.shift() ?? preset);
  };
  const options: InitOptions = {
    ...{ hosts, local: false, platform: [], acceptHostKey: [], force: false, runsDir: 'runs', verbose: false },
    ...given,
  };
  const code = await init({ printer, process }, options, { ...world, ...(answers === undefined ? {} : { ask }) });
  return { code, questions, stdout: stdout.text(), stderr: stderr.text() };
}

describe('in a script', () => {
  it('writes a valid file for this machine, and ends with the next command', async () => {
    const { code, stdout, stderr } = await run({ local: true });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${hosts}\n` });
    expect(stderr).toMatch(/next: bench check --hosts \S+\n$/);
    const { targets, baseline } = await loadConfig(hosts);
    expect(baseline).toBe('linux-up');
    expect([...targets.values()]).toMatchObject([{ id: 'linux-up', host: 'here', shape: { cpus: [1] } }]);
    expect(readdirSync(folder)).toEqual(['hosts.json']);
    expect(statSync(hosts).mode & 0o777).toBe(0o644);
  });

  it('writes platforms, CPUs and the other end', async () => {
    const given = {
      ssh: 'root@alpha.example.org',
      platform: ['lxc'],
      rootfs: '/srv/rootfs',
      cpus: '0,1',
      peer: 'root@beta',
    };
    await run({ ...given, acceptHostKey: [FINGERPRINT] });
    const { hosts: machines, targets } = await loadConfig(hosts);
    expect([...machines.keys()]).toEqual(['alpha', 'beta']);
    expect([...targets.values()]).toMatchObject([
      { id: 'linux-smp', host: 'alpha', peer: 'beta', shape: { cpus: [0, 1] } },
      { id: 'lxc-smp', platform: 'lxc', options: { rootfs: '/srv/rootfs' } },
    ]);
  });

  it('without a machine asks nothing and is refused', async () => {
    await expect(run({})).rejects.toThrow(/no terminal to ask on \(expected --ssh DESTINATION or --local\)/);
  });

  it.each<readonly [what: string, given: Partial<InitOptions>, message: RegExp]>([
    ['a password', { ssh: 'root:geheim@alpha' }, /^(?!.*geheim).*expected no secret in this file/s],
    ['an unknown platform', { local: true, platform: ['lcx'] }, /there is no platform "lcx"; did you mean "lxc"/],
    ['a platform without its root', { local: true, platform: ['lxc'] }, /targets\.lxc-up\.options\.rootfs: expected/],
    ['CPUs that it lacks', { local: true, cpus: '2' }, /expected numbers from 0 to 1.*found 2/],
    ['no numbers', { local: true, cpus: '0-1' }, /does not have these CPUs/],
    ['both', { local: true, ssh: 'alpha' }, /--ssh and --local exclude each other/],
    ['a key that nobody accepted', { ssh: 'alpha' }, /the host key of alpha is not known/],
    ['another key', { ssh: 'alpha', acceptHostKey: ['SHA256:other'] }, /the host key of alpha is not known/],
  ])('%s is refused, and nothing is written', async (_what, given, message) => {
    await expect(run(given)).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('connects to nothing before the file is known to be valid and free', async () => {
    const world = machine(2);
    await expect(run({ ssh: 'root:geheim@alpha' }, world)).rejects.toThrow();
    writeFileSync(hosts, 'mine');
    await expect(run({ local: true }, world)).rejects.toThrow(/exists and is not replaced.*--force/);
    expect(world.reached).toEqual([]);
    expect(readFileSync(hosts, 'utf8')).toBe('mine');
  });

  it('replaces a file with --force only', async () => {
    writeFileSync(hosts, 'mine');
    await run({ local: true, force: true });
    await expect(loadConfig(hosts)).resolves.toMatchObject({ baseline: 'linux-up' });
  });

  it('a file that appears meanwhile is not replaced', async () => {
    const world = machine(2);
    const connect: InitWorld['connect'] = (host) => {
      writeFileSync(hosts, 'mine');
      return world.connect(host);
    };
    await expect(run({ local: true }, { connect })).rejects.toThrow(/exists and is not replaced/);
    expect(readFileSync(hosts, 'utf8')).toBe('mine');
  });

  it.skipIf(process.getuid?.() === 0)('a folder that cannot be written to is an error', async () => {
    chmodSync(folder, 0o500);
    await expect(run({ local: true })).rejects.toThrow(/cannot write/);
  });
});

describe('on a terminal', () => {
  it('asks five questions, shows the host key, and adds it with consent', async () => {
    const { questions } = await run({}, machine(4), ['root@alpha', 'lxc', '/srv/r', '', 'yes', '3']);
    expect(questions.filter((question) => !question.includes('host key'))).toHaveLength(5);
    expect(questions.find((question) => question.includes('host key'))).toContain(`${FINGERPRINT} (ssh-ed25519)`);
    expect(readFileSync(knownHosts, 'utf8')).toBe(`${LINE}\n`);
    expect((await loadConfig(hosts)).targets.get('lxc-up')).toMatchObject({ shape: { cpus: [3] } });
  });

  it.each(['no', 'y', ''])('the answer %j accepts no host key', async (answer) => {
    await expect(run({}, machine(4), ['root@alpha', '', '', answer])).rejects.toThrow(/not known/);
    expect(existsSync(knownHosts)).toBe(false);
    expect(existsSync(hosts)).toBe(false);
  });

  it.each([
    ['yes', 0],
    ['no', 'refused'],
    ['', 'refused'],
  ] as const)('the answer %j to the question whether a file is replaced: %j', async (answer, expected) => {
    writeFileSync(hosts, 'mine');
    const ended = await run({ local: true }, machine(1), [answer]).then(
      ({ code }) => code,
      () => 'refused',
    );
    expect(ended).toBe(expected);
    expect(readFileSync(hosts, 'utf8') === 'mine').toBe(expected === 'refused');
  });
});
