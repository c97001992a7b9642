import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compress, decompress, packArchive, readArchive, type Member } from '../../harness/bundle/index.js';
import { main } from '../../harness/cli/main.js';
import { outlet } from '../cli/captured-printer.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../cli/fixtures/${name}`, import.meta.url));

let folder = '';
/** Two runs: published values, and imported output. */
let runs = '';
let names: readonly string[] = [];
/** A signed bundle of both. */
let original = '';
let key = '';
let signers = '';

async function bench(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [outlet(), outlet()];
  const own = Object.create(process, {
    argv: { value: [process.execPath, 'bench', ...args] },
    stdout: { value: stdout },
    stderr: { value: stderr },
  }) as NodeJS.Process;
  const code = await main(own);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function makeKey(name: string): string {
  const path = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  return path;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-bundles-'));
  runs = join(folder, 'runs');
  const imported = ['--suite', 'lmbench', '--target', 'linux-up', '--platform', 'native', '--cpus', '1'];
  const made = [
    await bench('import', '--runs-dir', runs, '--published', 'felter2015'),
    await bench('import', '--runs-dir', runs, ...imported, fixture('full_os_subset.stderr')),
  ];
  expect(made.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual([
    expect.stringMatching(/^0 /),
    expect.stringMatching(/^0 /),
  ]);
  names = made.map(({ stdout }) => basename(stdout.trim()));
  key = makeKey('key');
  signers = join(folder, 'signers');
  writeFileSync(signers, `ada@example.org namespaces="bench-bundle" ${readFileSync(`${key}.pub`, 'utf8')}`);
  original = join(folder, 'original.tar.zst');
  expect(await bench('bundle', ...names, '--runs-dir', runs, '--sign', key, '--out', original)).toEqual({
    code: 0,
    stdout: `${original}\n`,
    stderr: '',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let work = '';
beforeEach(() => {
  work = mkdtempSync(join(folder, 'work-'));
});

const membersOf = async (path: string): Promise<readonly Member[]> => readArchive(await decompress(readFileSync(path)));

/** Writes members as a bundle, without compression. */
async function writeBundle(members: readonly Member[]): Promise<string> {
  const path = join(work, 'changed.tar');
  writeFileSync(path, await packArchive(members));
  return path;
}

describe('a bundle', () => {
  it('has the files of the runs, the report and a manifest of all of them', async () => {
    const members = await membersOf(original);
    const paths = members.map(({ path }) => path);
    expect(paths.slice(0, 4)).toEqual(['manifest.json', 'manifest.json.sig', 'report.html', 'report.json']);
    for (const name of names) {
      for (const file of ['plan.json', 'records.jsonl', 'journal.jsonl']) {
        const member = members.find(({ path }) => path === `runs/${name}/${file}`);
        expect(Buffer.from(member?.bytes ?? [])).toEqual(readFileSync(join(runs, name, file)));
      }
    }
    const manifest = JSON.parse(Buffer.from(members[0]?.bytes ?? []).toString()) as { files: { path: string }[] };
    expect(manifest.files.map(({ path }) => path)).toEqual(paths.slice(2));
    expect(paths.slice(2)).toEqual(paths.slice(2).toSorted());
  });

  it('passes every check, one line each', async () => {
    const { code, stdout, stderr } = await bench('verify', original, '--allowed-signers', signers);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^signature: good, by ada@example\.org with ED25519 key SHA256:\S+\narchive: \d+ files, in .*\nchecksums: SHA-256 of \d+ files .*\nruns: 2 runs, without damage\nreport: report\.html and report\.json are the same bytes when made again\n$/,
    );
    expect((await bench('verify', original)).stdout).toMatch(/^signature: valid, by ED25519 key SHA256:\S+; --allowed/);
  });

  it.each(['.tar.zst', '.tar.gz', '.tar'])(
    'is the same bytes each time, and after an import elsewhere: %s',
    async (end) => {
      const [first, second, third] = ['first', 'second', 'third'].map((name) => join(work, name + end)) as [
        string,
        string,
        string,
      ];
      const elsewhere = join(work, 'a', 'runs');
      await bench('bundle', ...names, '--runs-dir', runs, '--sign', key, '--out', first);
      await bench('bundle', ...names, '--runs-dir', runs, '--sign', key, '--out', second);
      expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
      const { code, stdout } = await bench('import', first, '--runs-dir', elsewhere);
      expect({ code, stdout }).toEqual({ code: 0, stdout: names.map((name) => `${join(elsewhere, name)}\n`).join('') });
      expect(readdirSync(elsewhere).toSorted()).toEqual(names.toSorted());
      await bench('bundle', ...names, '--runs-dir', elsewhere, '--sign', key, '--out', third);
      expect(readFileSync(third).equals(readFileSync(first))).toBe(true);
    },
  );

  it('can be unpacked by tar', () => {
    execFileSync('tar', ['-xf', original, '-C', work]);
    expect(readdirSync(work).toSorted()).toEqual([
      'manifest.json',
      'manifest.json.sig',
      'report.html',
      'report.json',
      'runs',
    ]);
  });
});

describe('bench verify', () => {
  it('finds a changed byte of every member', async () => {
    const members = await membersOf(original);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: members.length - 1 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (at, where, mask) => {
          const changed = members.map(({ path, bytes }, index) => {
            if (index !== at) return { path, bytes };
            const copy = Buffer.from(bytes);
            const position = Math.floor(where * copy.length);
            copy[position] = (copy[position] ?? 0) ^ mask;
            return { path, bytes: copy };
          });
          const { code, stdout } = await bench('verify', await writeBundle(changed));
          // A changed comment of a signature's envelope is none of what it signs.
          if (members[at]?.path === 'manifest.json.sig')
            expect(code === 1 || stdout.startsWith('signature: valid')).toBe(true);
          else expect(code).toBeGreaterThan(0);
        },
      ),
      { numRuns: 30, examples: members.map((_, index): [number, number, number] => [index, 0.5, 1]) },
    );
  });

  it('finds a changed byte of the file', async () => {
    const bytes = readFileSync(original);
    for (const at of [0, 5, 9, 20, bytes.length >> 1, bytes.length - 1]) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 0x10;
      const path = join(work, 'x.tar.zst');
      writeFileSync(path, copy);
      expect((await bench('verify', path)).code).toBeGreaterThan(0);
    }
    for (const length of [0, 1, 12, 600, bytes.length - 1]) {
      const path = join(work, 'short.tar.zst');
      writeFileSync(path, bytes.subarray(0, length));
      expect((await bench('verify', path)).code).toBe(2);
    }
  });

  it('finds a file too many, one too few, and a report that was not made of the runs', async () => {
    const members = await membersOf(original);
    const more = [...members, { path: `runs/${names[0] ?? ''}/raw/more`, bytes: Buffer.from('more') }];
    const added = await bench('verify', await writeBundle(more));
    expect(added).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('raw/more: is not in the manifest') as string,
    });
    const fewer = await bench('verify', await writeBundle(members.filter(({ path }) => path !== 'report.json')));
    expect(fewer).toMatchObject({ code: 1, stdout: expect.stringContaining('report.json: is missing') as string });
  });

  it('needs the signer that is asked for', async () => {
    const other = makeKey(`other-${basename(work)}`);
    const others = join(work, 'signers');
    writeFileSync(others, `eve@example.org ${readFileSync(`${other}.pub`, 'utf8')}`);
    const { code, stdout } = await bench('verify', original, '--allowed-signers', others);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^signature: failed: by ED25519 key SHA256:\S+, which \S+ does not allow to sign bundles\n/);
    const unsigned = await writeBundle((await membersOf(original)).filter(({ path }) => path !== 'manifest.json.sig'));
    expect((await bench('verify', unsigned)).stdout).toMatch(/^signature: none\n/);
    expect(await bench('verify', unsigned, '--allowed-signers', signers)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^signature: failed: none, and --allowed-signers needs one\n/) as string,
    });
  });

  it.each([
    ['a file that is not there', () => join(work, 'absent.tar.zst'), /there is no bundle/],
    ['a folder', () => work, /is no regular file/],
    ['another file', () => fixture('lat_pipe.stderr'), /the file is no bundle/],
  ] as const)('refuses %s', async (_, path, message) => {
    const { code, stdout, stderr } = await bench('verify', path());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('bench import of a bundle', () => {
  it('leaves a run that is there with the same content, and refuses one with other content', async () => {
    const there = join(work, 'runs');
    expect((await bench('import', original, '--runs-dir', there)).code).toBe(0);
    const again = await bench('import', original, '--runs-dir', there);
    expect(again).toEqual({
      code: 0,
      stdout: names.map((name) => `${join(there, name)}\n`).join(''),
      stderr: names.map((name) => `run ${name} is already here, with the same content\n`).join(''),
    });
    const [first = '', second = ''] = names;
    rmSync(join(there, first), { recursive: true });
    writeFileSync(join(there, second, 'journal.jsonl'), '');
    const refused = await bench('import', original, '--runs-dir', there);
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('with other content') as string,
    });
    expect(readdirSync(there)).toEqual([second]);
  });

  it('refuses what verify refuses, and writes nothing', async () => {
    const changed = (await membersOf(original)).map(({ path, bytes }) => ({
      path,
      bytes: path.endsWith('records.jsonl') ? Buffer.concat([bytes, Buffer.from('\n')]) : bytes,
    }));
    const there = join(work, 'runs');
    const { code, stdout, stderr } = await bench('import', await writeBundle(changed), '--runs-dir', there);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('checksums: failed: files differ from the manifest');
    expect(readdirSync(work)).toEqual(['changed.tar']);
  });
});

describe('the hosts file of a bundle', () => {
  it('has the hosts and targets of a run without how to log in, and stays with the run', async () => {
    const target = { host: 'alpha', platform: 'native', shape: { cpus: [1] } };
    const hosts = join(work, 'hosts.json');
    const alpha = { ssh: 'root@10.0.0.7', identityFiles: ['/home/ada/.ssh/id'], description: 'of ada@zeus', cpus: 4 };
    const file = {
      hosts: { alpha, beta: { ssh: 'b' } },
      targets: { 'linux-up': target, 'other-up': { ...target, host: 'beta' } },
    };
    writeFileSync(hosts, JSON.stringify(file));
    const out = join(work, 'x.tar.gz');
    const run = names[1] ?? '';
    const args = ['bundle', run, '--runs-dir', runs, '--hosts', hosts, '--out', out] as const;
    expect((await bench(...args)).code).toBe(0);
    const part = (await membersOf(out)).find(({ path }) => path === `runs/${run}/hosts.json`);
    expect(JSON.parse(Buffer.from(part?.bytes ?? []).toString())).toEqual({
      hosts: { alpha: { description: 'of ada@zeus', cpus: 4 } },
      targets: { 'linux-up': target },
    });
    const elsewhere = join(work, 'runs');
    expect((await bench('import', out, '--runs-dir', elsewhere)).code).toBe(0);
    const again = join(work, 'again.tar.gz');
    const rebundled = await bench('bundle', run, '--runs-dir', elsewhere, '--out', again);
    expect(rebundled.stderr).toBe('');
    expect(readFileSync(again).equals(readFileSync(out))).toBe(true);
    expect((await bench(...args, '--redact')).code).toBe(0);
    const redacted = (await membersOf(out)).find(({ path }) => path === `runs/${run}/hosts.json`);
    expect(Buffer.from(redacted?.bytes ?? []).toString()).not.toMatch(/alpha|ada|zeus/);
    expect((await bench('verify', out)).code).toBe(0);
  });

  it('is refused with a secret in it', async () => {
    const hosts = join(work, 'hosts.json');
    writeFileSync(hosts, JSON.stringify({ hosts: { alpha: { ssh: 'a', password: 'hunter2' } }, targets: {} }));
    const out = join(work, 'x.tar.gz');
    const { code, stderr } = await bench('bundle', '--runs-dir', runs, '--hosts', hosts, '--out', out);
    expect(code).toBe(2);
    expect(stderr).toContain('expected no secret in this file');
    expect(stderr).not.toContain('hunter2');
    expect(readdirSync(work)).toEqual(['hosts.json']);
  });
});

it('follows no link of a run', async () => {
  const there = join(work, 'runs');
  cpSync(runs, there, { recursive: true });
  const [first = ''] = names;
  mkdirSync(join(work, 'private'));
  writeFileSync(join(work, 'private', 'id_ed25519'), 'secret');
  rmSync(join(there, first, 'raw'), { recursive: true });
  symlinkSync(join(work, 'private'), join(there, first, 'raw'));
  const out = join(work, 'x.tar');
  await bench('bundle', first, '--runs-dir', there, '--out', out);
  expect(readFileSync(out, 'latin1')).not.toContain('secret');
});

it('compresses and decompresses content of any length', async () => {
  for (const length of [0, 1, 511, 4 * 1024 ** 2, 4 * 1024 ** 2 + 1]) {
    const content = Buffer.alloc(length, 'ustar-like content ');
    if (length === 0) continue;
    expect((await decompress(Buffer.from(await compress(content, '.tar.zst')))).equals(content)).toBe(true);
    expect((await decompress(Buffer.from(await compress(content, '.tar.gz')))).equals(content)).toBe(true);
  }
});
