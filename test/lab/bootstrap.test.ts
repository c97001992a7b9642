import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const original = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'harness', 'bootstrap.mjs');
const isRoot = process.getuid?.() === 0;
const POLICY = '/usr/sbin/policy-rc.d';

// A checkout of a few files, and programs in PATH that write down how they were called.
let checkout: string;

const NPM = `#!/bin/sh
echo "npm $*" >> "$LOG"
mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json
`;
const DPKG_QUERY = `#!/bin/sh
[ "$1" = --version ] && exit 0
while read -r name; do echo "ii |$name"; done < "$DEBIAN"
echo "rc |removed-but-configured"
`;
const APT_GET = `#!/bin/sh
echo "apt-get $*" >> "$LOG"
for word; do case $word in mmdebstrap | lxc) echo "$word" >> "$DEBIAN" ;; esac; done
`;
const BUILD = `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync(process.env.LOG, 'build\\n');
mkdirSync('dist/harness', { recursive: true });
writeFileSync('dist/harness/cli.js', '');
`;
const TOOLS = ['busybox-static', 'dbench', 'ethtool', 'iperf', 'iperf3', 'postgresql', 'postmark', 'sysbench'];
const CONTAINERS = ['docker.io', 'libarchive-tools', 'podman', 'runc', 'systemd-container'];
const BUILD_TOOLS = ['bc', 'bison', 'flex', 'libelf-dev', 'libssl-dev', 'make'];
const BASE = [
  'bash',
  'dash',
  'debian-archive-keyring',
  'gcc',
  'iproute2',
  'libc6-dev',
  'openssh-client',
  ...TOOLS,
  ...CONTAINERS,
  ...BUILD_TOOLS,
];
const REST = ['openssh-server', 'procps', 'util-linux'];

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'bench-bootstrap-'));
  for (const folder of ['bin', 'harness', 'suites', 'reports']) mkdirSync(join(checkout, folder));
  copyFileSync(original, join(checkout, 'harness/bootstrap.mjs'));
  const put = (path: string, text: string, mode = 0o644): void => writeFileSync(join(checkout, path), text, { mode });
  put('package.json', '{ "engines": { "node": ">=20.19" } }');
  put('tsconfig.json', '{}');
  lock('1.0.0');
  put('log', '');
  put('debian', `${[...BASE, ...REST].join('\n')}\n`);
  put('harness/build.mjs', BUILD);
  put('bin/npm', NPM, 0o755);
  put('bin/dpkg-query', DPKG_QUERY, 0o755);
  put('bin/apt-get', APT_GET, 0o755);
});
afterEach(() => rmSync(checkout, { recursive: true }));

function lock(version: string): void {
  const packages = { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version: '2.0.0', optional: true } };
  writeFileSync(join(checkout, 'package-lock.json'), JSON.stringify({ packages }));
}

/** Runs it in the checkout: what it reported, whether it was complete, and which programs it called. */
function bootstrap(): { stderr: string; complete: boolean; calls: string[] } {
  const path = join(checkout, 'harness/bootstrap.mjs');
  const script = `const { bootstrap } = await import(process.argv[1]);
    const { complete } = bootstrap({
      purposes: ['lab', 'tests'], build: true, without: 'less happens', report: (line) => console.error(line) });
    console.log(complete);`;
  writeFileSync(join(checkout, 'log'), '');
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], {
    encoding: 'utf8',
    cwd: checkout,
    env: {
      PATH: `${join(checkout, 'bin')}:/usr/bin:/bin`,
      LOG: join(checkout, 'log'),
      DEBIAN: join(checkout, 'debian'),
    },
  });
  const calls = readFileSync(join(checkout, 'log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { stderr, complete: stdout.trim() === 'true', calls };
}

describe('the set-up of a checkout', () => {
  it('installs and builds what is missing once, and nothing the second time', () => {
    expect(bootstrap().calls.slice(0, 2)).toEqual(['npm ci --ignore-scripts --no-audit --no-fund', 'build']);
    expect(bootstrap()).toMatchObject({ calls: [], ...(isRoot ? { stderr: '', complete: true } : {}) });
  });

  it('installs npm packages again when the lock file names another version', () => {
    bootstrap();
    lock('1.0.1');
    expect(bootstrap().calls).toContain('npm ci --ignore-scripts --no-audit --no-fund');
  });

  it('builds again when a source is newer, and when one was removed', () => {
    writeFileSync(join(checkout, 'suites/a.ts'), '');
    bootstrap();
    const later = Date.now() / 1000 + 60;
    utimesSync(join(checkout, 'suites/a.ts'), later, later);
    expect(bootstrap().calls).toEqual(['build']);
    rmSync(join(checkout, 'suites/a.ts'));
    utimesSync(join(checkout, 'suites'), later, later);
    expect(bootstrap().calls).toEqual(['build']);
  });

  it('stops with one message when Node.js is too old', () => {
    writeFileSync(join(checkout, 'package.json'), '{ "engines": { "node": ">=99.1" } }');
    const { stderr, calls } = bootstrap();
    expect(stderr).toBe(
      `Node.js is too old: expected >=99.1, found ${process.versions.node}; install a newer Node.js\n`,
    );
    expect(calls).toEqual([]);
  });

  it('reports in one message what is missing where dpkg is not', () => {
    writeFileSync(join(checkout, 'bin/dpkg-query'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    bootstrap();
    const { stderr, complete, calls } = bootstrap();
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(
      /not Debian.*use a Debian 12 machine as root, with .*mmdebstrap.*Without that: less happens/,
    );
    expect([complete, calls]).toEqual([false, []]);
  });

  it.skipIf(isRoot)(`asks for sudo, and names what needs it${isRoot ? ' (skipped: this is root)' : ''}`, () => {
    const { stderr, complete } = bootstrap();
    expect(stderr).toMatch(/not root.*sudo apt-get install lxc mmdebstrap. Without that: less happens/);
    expect(complete).toBe(false);
  });

  it.skipIf(!isRoot)(
    `installs Debian packages by name, waiting for locks${isRoot ? '' : ' (skipped: not root)'}`,
    () => {
      const policy = existsSync(POLICY) ? readFileSync(POLICY, 'utf8') : undefined;
      const { stderr, calls } = bootstrap();
      expect(stderr).toContain('installing Debian packages: lxc mmdebstrap\n');
      expect(calls.slice(2)).toEqual([
        'apt-get -o DPkg::Lock::Timeout=300 -q update',
        'apt-get -o DPkg::Lock::Timeout=300 -q install --yes --no-install-recommends lxc mmdebstrap',
      ]);
      // Whatever forbade or allowed services before does so again.
      expect(existsSync(POLICY) ? readFileSync(POLICY, 'utf8') : undefined).toBe(policy);
    },
  );

  it.skipIf(!isRoot)(
    `goes on when apt cannot install them, and reports that${isRoot ? '' : ' (skipped: not root)'}`,
    () => {
      writeFileSync(join(checkout, 'bin/apt-get'), '#!/bin/sh\nexit 100\n', { mode: 0o755 });
      const { stderr, complete } = bootstrap();
      expect(stderr).toMatch(/could not be installed: lxc mmdebstrap. Without that: less happens/);
      expect(complete).toBe(false);
    },
  );
});

describe('npm test', () => {
  it('is what continuous integration runs', () => {
    const root = join(dirname(original), '..');
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/^exec npm test$/m);
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['test']).toBe('node test/run.mjs');
  });
});
