import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { journalText, type JournalLine } from '../../harness/host/journal.js';
import { compileBench } from '../compiled.js';
import type { Ended } from './command-line.js';
import { runHere } from './in-process.js';

let folder = '';
let cli = '';
const workDir = (): string => join(folder, 'work');
const journalFile = (): string => join(workDir(), 'controls', 'journal');
const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const SWAPPINESS = '/proc/sys/vm/swappiness';
const TCP = '/proc/sys/net/ipv4/tcp_congestion_control';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-restore-'));
  cli = compileBench(folder);
  const hosts = {
    here: { connect: 'local', workDir: workDir() },
    gone: { ssh: 'nobody@127.0.0.1', port: 9, knownHostsFiles: ['none'] },
  };
  const targets = {
    'linux-up': { host: 'here', platform: 'native', shape: { cpus: [0] } },
    'far-up': { host: 'gone', platform: 'native', shape: { cpus: [0] } },
  };
  writeFileSync(join(folder, 'hosts.json'), JSON.stringify({ hosts, targets }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(workDir(), { recursive: true, force: true });
  mkdirSync(join(workDir(), 'controls'), { recursive: true });
});

const bench = (...args: readonly string[]): Promise<Ended> => runHere(cli, folder, args);

/** The journal of a run that died: every file reads as it states, except those that a test changes. */
function leave(lines: readonly JournalLine[], of = boot): void {
  const about = { token: 'abc', boot: of, run: 'dead', who: 'ada@desk', since: '2026-01-02T03:04:05Z' };
  writeFileSync(journalFile(), journalText({ ...about, lines }));
}

const unchanged = (): JournalLine => ({
  control: 'swap',
  path: SWAPPINESS,
  original: readFileSync(SWAPPINESS, 'utf8').trim(),
  wanted: '1',
});

describe('bench restore', () => {
  it('reports when there is nothing to restore', async () => {
    expect(await bench('restore', '--host', 'here')).toEqual({
      code: 0,
      stdout: 'host here: nothing to restore\n',
      stderr: '',
    });
  });

  it('removes a journal whose settings are all as they were, found by target', async () => {
    leave([unchanged()]);
    const { code, stdout } = await bench('restore', '--target', 'linux-up');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'host here: settings of run dead of ada@desk, since 2026-01-02T03:04:05Z\n',
    });
    expect(existsSync(journalFile())).toBe(false);
    expect(existsSync(join(workDir(), 'lock'))).toBe(false);
  });

  it('forgets the settings of another boot', async () => {
    leave([{ ...unchanged(), original: '77' }], 'b0-0');
    const { code, stdout } = await bench('restore', '--host', 'here');
    expect(code).toBe(0);
    expect(stdout).toContain('restarted since 2026-01-02T03:04:05Z, when run dead set them');
    expect(readFileSync(SWAPPINESS, 'utf8')).not.toBe('77\n');
    expect(existsSync(journalFile())).toBe(false);
  });

  it('reports that a setting is gone and there is nothing to restore', async () => {
    leave([{ control: 'turbo', path: '/sys/nothing/boost', original: '1', wanted: '0' }]);
    const { code, stdout } = await bench('restore', '--host', 'here', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ host: 'here', restored: { left: [] } }]);
  });

  it('touches nothing that another bench holds: exit code 3', async () => {
    leave([unchanged()]);
    const lock = {
      format: 'bench-lock/1',
      token: 't',
      who: 'bob@lab',
      run: 'alive',
      machine: `not-${hostname()}`,
      pid: 1,
      pidStart: '1',
      since: '2026-01-02T03:04:05Z',
      until: '2099-01-02T03:04:05Z',
      bootId: boot,
      leaseEnd: 1e12,
    };
    writeFileSync(join(workDir(), 'lock'), JSON.stringify(lock));
    const { code, stdout } = await bench('restore', '--host', 'here');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^host here: cannot be restored: .*is in use by bob@lab/);
    expect(existsSync(journalFile())).toBe(true);
    expect((await bench('restore', '--host', 'here', '--break-lock')).code).toBe(0);
    expect(existsSync(journalFile())).toBe(false);
  });

  it('leaves a journal that it cannot read, with what to do: exit code 3', async () => {
    writeFileSync(journalFile(), 'something else\n');
    const { code, stdout } = await bench('restore', '--host', 'here');
    expect(code).toBe(3);
    expect(stdout).toMatch(/controls\/journal on local cannot be read .*found something else.*set its values by hand/);
    expect(existsSync(journalFile())).toBe(true);
  });

  it('goes on to the next host when one cannot be reached', async () => {
    const { code, stdout } = await bench('restore');
    expect(code).toBe(3);
    expect(stdout).toContain('host here: nothing to restore\n');
    expect(stdout).toMatch(/^host gone: cannot be restored: /m);
  });

  it('knows its hosts: exit code 2', async () => {
    const { code, stderr } = await bench('restore', '--host', 'her');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'bench: there is no host "her"; did you mean "here"?\n' });
  });

  it.skipIf(process.getuid?.() !== 0)('restores a real setting, and check shows it until then (needs root)', () => {
    // TCP congestion control belongs to a network namespace: this one is the test's own.
    const name = `bench-restore-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name]);
    const inside = (...argv: readonly string[]): string =>
      execFileSync('ip', ['netns', 'exec', name, ...argv], { encoding: 'utf8', cwd: folder });
    try {
      const original = inside('cat', TCP).trim();
      const other = original === 'reno' ? 'cubic' : 'reno';
      inside('sh', '-c', `echo ${other} >${TCP}`);
      leave([{ control: 'tcp-congestion', path: TCP, original, wanted: other }]);
      const checked = inside(process.execPath, cli, 'check', '--verbose', '--target', 'linux-up');
      expect(checked).toMatch(
        /^controls of here, set for run dead of ada@desk since .*`bench restore --host here` restores the original values/m,
      );
      expect(checked).toMatch(new RegExp(`^ {2}tcp-congestion +${other} +was ${original}$`, 'm'));
      expect(checked).toMatch(/^ {2}aslr +[012]$/m);
      expect(inside('cat', TCP).trim()).toBe(other);
      const restored = inside(process.execPath, cli, 'restore', '--host', 'here');
      expect(restored).toMatch(new RegExp(`^ {2}ok +restored tcp-congestion: ${TCP} +${original}$`, 'm'));
      expect(inside('cat', TCP).trim()).toBe(original);
      expect(inside(process.execPath, cli, 'check', '--verbose', '--target', 'linux-up')).toMatch(
        /^controls of here$/m,
      );
    } finally {
      execFileSync('ip', ['netns', 'del', name]);
    }
  });
});
