import type { ExecResult, Installation, SuiteGuest, Tool } from '../../harness/types.js';
import { quote } from '../parsing.js';
import { TOOLS } from './call.js';
import { PROBE, PROBE_CHILD } from './job.js';

/** What lmbench's own script uses where nothing was computed: intervals of a second, no overheads. */
const DEFAULT_CALIBRATION = { ENOUGH: '1000000', TIMING_O: '0', LOOP_O: '0' } as const;

/** Programs without which a row of the paper's Table 2 can be measured by the project's probes only. */
const ESSENTIAL = ['lat_proc', 'lat_ctx', 'lat_mmap', 'lat_pagefault', 'hello'] as const;

const NO_COMPILER =
  'there is neither lmbench 3 nor a C compiler (cc, gcc, clang) to build the probes with: install the packages gcc and libc6-dev, or name the directory of lmbench in toolDirs';

/**
 * Finds lmbench's tools, computes what all of them need once, and builds the probes. Rejects with a message of one line
 * when Table 2 could not be measured. Everything slow is kept in the guest's directory.
 */
export async function install(guest: SuiteGuest): Promise<Installation> {
  const found = await inspect(guest);
  const probes = await probesFor(guest, found);
  const calibration = await calibrate(guest, found.tools);
  return {
    tools: { ...found.tools, sh: found.shell, ...probes },
    env: calibration.env,
    data: {
      calibration: calibration.source,
      compiler: found.compiler?.version ?? null,
      toolDirs: [...guest.toolDirs],
    },
  };
}

interface Inspection {
  readonly tools: Readonly<Record<string, Tool>>;
  readonly shell: Tool;
  readonly compiler?: Tool;
}

/** A line of inspect.sh and build-probes.sh: kind, name, absolute path, version, linkage. */
const FOUND =
  /^(tool|shell|compiler|probe)\t([A-Za-z0-9_-]{1,64})\t(\/[^\p{C}]{1,4000})\t([^\p{C}]{0,400})\t([a-z0-9]{1,16})$/u;

async function inspect(guest: SuiteGuest): Promise<Inspection> {
  const argv = ['sh', `${guest.dir}/inspect.sh`, ...TOOLS, '--', ...guest.toolDirs] as const;
  const result = await guest.executor.exec({ argv, timeoutMs: 120_000 });
  if (!succeeded(result)) throw new Error(`the guest could not be searched for lmbench: ${complaintOf(result)}`);
  const entries = entriesOf(result.stdout, 'target');
  const pick = (kind: string): [string, Tool][] =>
    entries.filter((entry) => entry.kind === kind).map(({ name, tool }) => [name, tool]);
  const [shell] = pick('shell');
  const [compiler] = pick('compiler');
  if (shell === undefined) throw new Error('the guest has no /bin/sh that could be read');
  return {
    tools: Object.fromEntries(pick('tool')),
    shell: shell[1],
    ...(compiler === undefined ? {} : { compiler: compiler[1] }),
  };
}

function entriesOf(text: string, origin: Tool['origin']): { kind: string; name: string; tool: Tool }[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, kind = '', name = '', path = '', version = '', linkage = ''] = FOUND.exec(line) ?? [];
      if (kind === '') throw new Error(`expected what was found as tab-separated fields, found ${quote(line)}`);
      return { kind, name, tool: { path, origin, version: version.trim() || 'unknown', linkage } };
    });
}

/** The probes, where they can be built; needed only where lmbench does not have it all. */
async function probesFor(guest: SuiteGuest, found: Inspection): Promise<Readonly<Record<string, Tool>>> {
  const complete = ESSENTIAL.every((tool) => Object.hasOwn(found.tools, tool));
  if (found.compiler === undefined) {
    if (complete) return {};
    throw new Error(NO_COMPILER);
  }
  const result = await guest.executor.exec({
    argv: ['sh', `${guest.dir}/build-probes.sh`, guest.dir, found.compiler.path],
    timeoutMs: 300_000,
  });
  if (!succeeded(result)) {
    if (complete) return {};
    throw new Error(
      `${found.compiler.path} cannot build the probes: ${complaintOf(result)}; the packages gcc and libc6-dev are needed`,
    );
  }
  const entries = entriesOf(result.stdout, 'project');
  const tools = Object.fromEntries(entries.map(({ name, tool }) => [name, tool]));
  if (tools[PROBE] === undefined || tools[PROBE_CHILD] === undefined) {
    throw new Error(`building the probes ended well but named no ${PROBE}: ${quote(result.stdout)}`);
  }
  return tools;
}

interface Calibration {
  readonly env: Readonly<Record<string, string>>;
  readonly source: string;
}

/** Computed by the target's own programs, which may take minutes the first time on a machine that is not quiet. */
async function calibrate(guest: SuiteGuest, tools: Readonly<Record<string, Tool>>): Promise<Calibration> {
  if (Object.keys(tools).length === 0) return { env: {}, source: 'there is no lmbench in this guest' };
  const paths = ['enough', 'timing_o', 'loop_o'].map((name) => tools[name]?.path);
  const [enough] = paths;
  if (enough === undefined || paths.includes(undefined)) {
    return {
      env: DEFAULT_CALIBRATION,
      source: "defaults of lmbench's own script: enough, timing_o or loop_o is not there",
    };
  }
  const directory = enough.slice(0, enough.lastIndexOf('/'));
  const result = await guest.executor.exec({
    argv: ['sh', `${guest.dir}/calibrate.sh`, guest.dir, directory],
    timeoutMs: 900_000,
  });
  if (!succeeded(result)) throw new Error(`lmbench in ${directory} could not be calibrated: ${complaintOf(result)}`);
  const [ENOUGH = '', TIMING_O = '', LOOP_O = ''] = result.stdout.split('\n');
  if (!/^\d{3,9}$/.test(ENOUGH) || ![TIMING_O, LOOP_O].every((value) => /^\d{1,9}(?:\.\d{1,12})?$/.test(value))) {
    throw new Error(`lmbench in ${directory} could not be calibrated: it computed ${quote(result.stdout)}`);
  }
  return { env: { ENOUGH, TIMING_O, LOOP_O }, source: 'computed once in this guest by enough, timing_o and loop_o' };
}

function succeeded({ exit }: ExecResult): boolean {
  return exit.kind === 'code' && exit.code === 0;
}

/** The first line on stderr that is not blank, or how the command ended. */
function complaintOf({ exit, stderr }: ExecResult): string {
  const words = stderr.split('\n').find((line) => line.trim() !== '');
  if (words !== undefined) return quote(words.trim());
  return exit.kind === 'code' ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}
