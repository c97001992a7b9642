// What `npm run demo` and `npm test` need before anything of the project can run: npm packages, dist/, Debian packages.
// Plain Node without dependencies, because it is what installs them. Everything is checked first, so that a second run
// changes nothing and takes a second.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Debian packages by what they are for. What hosts and guests of the lab contain is in harness/lab/packages.ts. */
const PACKAGES = {
  lab: ['debian-archive-keyring', 'gcc', 'iproute2', 'libc6-dev', 'mmdebstrap', 'openssh-client', 'util-linux'],
  tests: [
    'bash',
    'bc',
    'bison',
    'busybox-static',
    'dash',
    'dbench',
    'docker.io',
    'ethtool',
    'flex',
    'gcc',
    'iperf',
    'iperf3',
    'libarchive-tools',
    'libc6-dev',
    'libelf-dev',
    'libssl-dev',
    'lxc',
    'make',
    'openssh-client',
    'openssh-server',
    'podman',
    'postgresql',
    'postmark',
    'procps',
    'runc',
    'sysbench',
    'systemd-container',
    'util-linux',
  ],
};

/** Units that these packages enable; a package that is installed here must not open a port at the next boot. */
const UNITS = {
  'docker.io': ['docker.service', 'docker.socket', 'containerd.service'],
  lxc: ['lxc.service', 'lxc-net.service', 'lxc-monitord.service'],
  'openssh-server': ['ssh.service', 'ssh.socket'],
  iperf3: ['iperf3.service'],
  podman: ['podman.service', 'podman.socket', 'podman-auto-update.timer', 'podman-restart.service'],
  postgresql: ['postgresql.service'],
};

const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_MARK = '# Written by bench while it installs packages; safe to remove.';

/**
 * Brings this checkout to where it can run.
 *
 * @param {{
 *   purposes: ('lab' | 'tests')[],
 *   build: boolean,
 *   without: string,
 *   report: (line: string) => void,
 * }} options `without` describes what the caller does if something is missing
 * @returns {{ complete: boolean }} whether this is root on Debian with every package that the purposes need
 */
export function bootstrap({ purposes, build, without, report }) {
  checkNode();
  if (!dependenciesMatch()) {
    report('installing npm packages: npm ci');
    // Scripts of packages are not needed: no package here compiles or downloads anything that is used.
    runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  if (build && !isBuilt()) {
    report('building dist/');
    run([process.execPath, join(root, 'harness', 'build.mjs')]);
  }
  const names = [...new Set(purposes.flatMap((purpose) => PACKAGES[purpose]))].sort();
  const lack = ensureDebianPackages(names, report);
  if (lack !== undefined) report(`${lack}. Without that: ${without}`);
  return { complete: lack === undefined };
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = /(\d+)\.(\d+)/.exec(engines.node).slice(1).map(Number);
  const found = process.versions.node.split('.').map(Number);
  if (found[0] > wanted[0] || (found[0] === wanted[0] && found[1] >= wanted[1])) return;
  stop(`Node.js is too old: expected ${engines.node}, found ${process.versions.node}; install a newer Node.js`);
}

/** npm writes what it installed beside it; optional packages of other systems are in the lock file only. */
function dependenciesMatch() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const locked = readPackages(join(root, 'package-lock.json'));
  const same = (path) => installed[path]?.version === locked[path].version;
  const mayBeMissing = (path) => locked[path].optional === true && installed[path] === undefined;
  return Object.keys(locked).every((path) => path === '' || same(path) || mayBeMissing(path));
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** Whether dist/ is newer than every file and folder that it is made of; a removed file makes its folder newer. */
function isBuilt() {
  const entry = join(root, 'dist', 'harness', 'cli.js');
  if (!existsSync(entry)) return false;
  const built = statSync(entry).mtimeMs;
  const sources = ['harness', 'suites', 'reports'].flatMap((folder) => [folder, ...listAll(folder)]);
  const newest = ['package-lock.json', 'tsconfig.json', ...sources].map((path) => statSync(join(root, path)).mtimeMs);
  return Math.max(...newest) <= built;
}

function listAll(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

/** Installs what is missing where that is possible; returns what this machine lacks and how to get it. */
function ensureDebianPackages(names, report) {
  if (spawnSync('dpkg-query', ['--version'], { stdio: 'ignore' }).status !== 0) {
    return `this machine is not Debian, which the lab is made from; use a Debian 12 machine as root, with ${names.join(' ')}`;
  }
  const missing = missingPackages(names);
  if (!isRoot()) {
    const packages =
      missing.length === 0 ? '' : `, and these packages are missing: sudo apt-get install ${missing.join(' ')}`;
    return `not root, which namespaces, mounts and cgroups need: run the same command with sudo${packages}`;
  }
  if (missing.length === 0) return undefined;
  report(`installing Debian packages: ${missing.join(' ')}`);
  install(missing, report);
  const still = missingPackages(names);
  return still.length === 0 ? undefined : `these Debian packages could not be installed: ${still.join(' ')}`;
}

function missingPackages(names) {
  const query = spawnSync('dpkg-query', ['--show', '--showformat', '${db:Status-Abbrev}|${Package}\n', ...names], {
    encoding: 'utf8',
  });
  const installed = new Set([...query.stdout.matchAll(/^ii \|(.*)$/gm)].map((match) => match[1]));
  return names.filter((name) => !installed.has(name));
}

function install(names, report) {
  const apt = (...args) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  withoutServices(() => {
    if (!apt('update')) report('apt-get update failed; going on with the indexes that are there');
    apt('install', '--yes', '--no-install-recommends', ...names);
  });
  const units = names.flatMap((name) => UNITS[name] ?? []);
  if (units.length > 0 && existsSync('/run/systemd/system')) {
    report(`disabling what these packages would start at the next boot: ${units.join(' ')}`);
    // One at a time: which of them exist depends on the release.
    for (const unit of units) spawnSync('systemctl', ['disable', '--quiet', unit], { stdio: 'ignore' });
  }
}

/** Packages ask policy-rc.d before they start a service. One that the machine already has is left alone. */
function withoutServices(body) {
  const ours = existsSync(POLICY) && readFileSync(POLICY, 'utf8').includes(POLICY_MARK);
  if (existsSync(POLICY) && !ours) return body();
  writeFileSync(POLICY, `#!/bin/sh\n${POLICY_MARK}\nexit 101\n`, { mode: 0o755 });
  try {
    return body();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** Runs npm as the npm that started this, or the one in PATH. Its output goes to standard error. */
function runNpm(args) {
  const path = process.env.npm_execpath;
  run(path !== undefined && /npm-cli\.c?js$/.test(path) ? [process.execPath, path, ...args] : ['npm', ...args]);
}

function run([file, ...args]) {
  const { status, error } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`${[file, ...args].join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
