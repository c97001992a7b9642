// Checks what a campaign left, from the files and from /proc alone: it shares no code with the harness.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A void trial is repeated until it has had so many attempts. */
const ATTEMPTS = 3;

/** What is wrong with the runs of a folder, one line each: records, checksums, claims, and trials that overlapped. */
export function checkRuns(runsDir) {
  const windows = [];
  const wrong = readdirSync(runsDir).flatMap((run) => checkRun(join(runsDir, run), run, windows));
  windows.sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const [index, { name, to }] of windows.entries()) {
    const next = windows[index + 1];
    if (next !== undefined && next.from < to) wrong.push(`${name} and ${next.name} measured at the same time`);
  }
  return { wrong, trials: windows.length };
}

function checkRun(directory, run, windows) {
  const wrong = [];
  const { plan } = JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8'));
  const records = readFileSync(join(directory, 'records.jsonl'), 'utf8').split('\n').flatMap(parsed);
  const seen = new Set();
  for (const { trial, attempt, outcome } of records) {
    const name = `${run} ${trial}.${attempt}`;
    if (seen.has(name)) wrong.push(`${name} was recorded twice`);
    seen.add(name);
    for (const artifact of outcome.artifacts ?? []) wrong.push(...checkArtifact(directory, name, artifact));
    if (outcome.status === 'failed') wrong.push(`${name} failed: ${outcome.problem.message}`);
    if (outcome.status !== 'collected') continue;
    const output = outcome.artifacts.map(({ path }) => path).find((path) => /^raw\/t\d+\.\d+(-\d+)?\.txt$/.test(path));
    const text = output === undefined ? '' : readFileSync(join(directory, output), 'utf8');
    const [from, to] = ['startedNs', 'endedNs'].map((key) => new RegExp(`"${key}": ?"?(\\d+)`).exec(text)?.[1]);
    if (from === undefined || to === undefined) wrong.push(`${name} has no result of an agent`);
    else windows.push({ name, from: BigInt(from), to: BigInt(to) });
  }
  for (const { id } of plan.trials) {
    const of = records.filter(({ trial }) => trial === id);
    const final = of.filter(({ outcome }) => outcome.status !== 'void');
    const isVoid = final.length === 0 && of.length === ATTEMPTS;
    if (final.length !== 1 && !isVoid) wrong.push(`${run} ${id} has ${final.length} final records of ${of.length}`);
  }
  const claims = readdirSync(directory).filter((name) => name.startsWith('claim'));
  return [...wrong, ...claims.map((name) => `${run} has still a ${name}`)];
}

/** A line that a kill cut short is no record. */
function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

function checkArtifact(directory, name, { path, bytes, sha256 }) {
  if (!existsSync(join(directory, path))) return [`${name}: ${path} is missing`];
  const content = readFileSync(join(directory, path));
  const digest = createHash('sha256').update(content).digest('hex');
  return content.length === bytes && digest === sha256 ? [] : [`${name}: ${path} is not what was recorded`];
}

/** What a campaign may not leave on the host, one line each; `before` is what `stateOfHost` returned before it. */
export function checkHost(workDir, before) {
  const after = stateOfHost();
  const wrong = processesUnder(workDir).map(({ pid, words }) => `process ${pid} was left: ${words.join(' ')}`);
  // `controls` is where a journal of settings is while they are changed.
  const known = new Set(['bin', 'native', 'controls']);
  for (const name of readdirSync(workDir)) if (!known.has(name)) wrong.push(`${join(workDir, name)} was left`);
  const journals = join(workDir, 'controls');
  for (const name of existsSync(journals) ? readdirSync(journals) : []) wrong.push(`${join(journals, name)} was left`);
  for (const [what, value] of Object.entries(after)) {
    if (value !== before[what]) wrong.push(`${what} was ${before[what]}, is ${value}`);
  }
  return wrong;
}

const SETTINGS = [
  '/proc/sys/kernel/numa_balancing',
  '/proc/sys/kernel/nmi_watchdog',
  '/proc/sys/kernel/randomize_va_space',
  '/proc/sys/kernel/perf_event_paranoid',
  '/proc/sys/vm/swappiness',
  '/proc/sys/vm/drop_caches',
  '/sys/kernel/mm/transparent_hugepage/enabled',
  '/sys/kernel/mm/ksm/run',
  '/sys/devices/system/cpu/online',
  '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor',
];

/** Settings, and the mounts and control groups of this product, as text. */
export function stateOfHost() {
  const read = (path) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return 'absent';
    }
  };
  const mounts = read('/proc/self/mountinfo').split('\n');
  const own = mounts.map((line) => line.split(' ')[4] ?? '').filter((path) => path.includes('bench-chaos'));
  return { ...Object.fromEntries(SETTINGS.map((path) => [path, read(path)])), mounts: own.sort().join(' ') };
}

/** The processes whose working directory or command line names something below a directory. */
export function processesUnder(directory) {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
      const isBelow = [readlinkSync(`/proc/${name}/cwd`), ...words].some((path) => path.startsWith(`${directory}/`));
      return isBelow && words.length > 0 ? [{ pid: Number(name), words }] : [];
    } catch {
      return [];
    }
  });
}
