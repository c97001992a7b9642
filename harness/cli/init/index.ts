import { counted } from '../../../reports/narrative/format.js';
import { access } from 'node:fs/promises';
import { connect } from '../../connect/index.js';
import { readConfig, type Config } from '../../config/load.js';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { BenchError, EXIT } from '../../errors.js';
import { platforms } from '../../platforms/index.js';
import { jsonText } from '../columns.js';
import type { CommonOptions, Context } from '../context.js';
import { byId } from '../select.js';
import { askOn, isAnswered, type Ask } from './ask.js';
import { draftOf, hasGuests, type Answers } from './draft.js';
import { tryLogin, type Login } from './login.js';
import { exists, writeHosts } from './write.js';

export interface InitOptions extends CommonOptions {
  readonly hosts: string;
  readonly ssh?: string;
  readonly local: boolean;
  readonly platform: readonly string[];
  readonly rootfs?: string;
  /** Numbers separated by commas. */
  readonly cpus?: string;
  readonly peer?: string;
  readonly sshConfig?: string;
  /** Fingerprints. */
  readonly acceptHostKey: readonly string[];
  readonly force: boolean;
}

/** What tests replace. */
export interface InitWorld {
  /** Absent where nobody can answer. */
  readonly ask?: Ask;
  readonly connect: Login['connect'];
}

const THIS_MACHINE = 'local';

/** `bench init`: asks for a machine and what to compare on it, logs in, and writes a hosts file. */
export async function init(context: Context, options: InitOptions, world = worldOf(context)): Promise<number> {
  const { printer } = context;
  const { ask } = world;
  const path = options.hosts;
  const replace = options.force || (await mayReplace(path, ask));
  const ssh = await destination(options, ask);
  const chosen = await chosenPlatforms(options, ask);
  const rootfs = await rootfsFor(chosen, options, ask);
  const peer = options.peer ?? (await ask?.('Other end of network suites, as ssh takes it (empty: none)', ''));
  const answers: Answers = {
    platforms: chosen,
    without: platforms.find((platform) => !hasGuests(platform)) ?? platforms[0],
    cpus: [0],
    ...(ssh === undefined ? {} : { ssh }),
    ...(rootfs === undefined || rootfs === '' ? {} : { rootfs }),
    ...(peer === undefined || peer === '' ? {} : { peer }),
    ...(options.sshConfig === undefined ? {} : { configFile: resolve(options.sshConfig) }),
  };
  // Mistakes, and secrets in a destination, are refused before anything connects.
  const draft = checked(path, draftOf(answers));
  const login: Login = {
    connect: world.connect,
    accepts: async ({ host, fingerprint }) => {
      if (options.acceptHostKey.some((accepted) => fingerprint.split(' ')[0] === accepted)) return true;
      const about = `The host key of ${host} is ${fingerprint}. Compare it with the host's own. Is it the same? yes or no`;
      return ask !== undefined && (await ask(about, 'no')) === 'yes';
    },
    report: (line) => printer.line(line),
  };
  let count = 1;
  for (const [index, host] of [...draft.hosts.values()].entries()) {
    const found = await tryLogin(host, login);
    printer.line(`host ${host.id}: logged in; it has ${counted(found, 'CPU')}`);
    if (index === 0) count = found;
  }
  const preset = String(count - 1);
  const cpus = options.cpus ?? (await ask?.(`CPUs of a guest, of 0 to ${count - 1}`, preset)) ?? preset;
  const content = draftOf({ ...answers, cpus: cpusOf(cpus, count) });
  checked(path, content);
  await writeHosts(path, jsonText(content), replace);
  printer.out(`${path}\n`);
  printer.line(`next: bench check${path === 'hosts.json' ? '' : ` --hosts ${path}`}`);
  return EXIT.done;
}

function worldOf({ process }: Context): InitWorld {
  return { connect: (host) => connect(host), ...(isAnswered(process) ? { ask: askOn(process) } : {}) };
}

/** Whether a file is there that may be replaced. Throws when it may not. */
async function mayReplace(path: string, ask: Ask | undefined): Promise<boolean> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) return false;
  if ((await ask?.(`${path} exists. Replace it? yes or no`, 'no')) === 'yes') return true;
  throw exists(path);
}

/** The SSH destination of the machine under test; undefined for this machine. */
async function destination({ ssh, local }: InitOptions, ask: Ask | undefined): Promise<string | undefined> {
  if (ssh !== undefined && local)
    throw new BenchError({ stage: 'config', message: '--ssh and --local exclude each other' });
  if (ssh !== undefined) return ssh;
  if (local) return undefined;
  if (ask === undefined) {
    throw new BenchError({
      stage: 'config',
      message: 'no machine is named, and there is no terminal to ask on',
      expected: '--ssh DESTINATION or --local',
    });
  }
  const answer = await ask(`Machine to measure: user@host as ssh takes it, or ${THIS_MACHINE}`, THIS_MACHINE);
  return answer === THIS_MACHINE ? undefined : answer;
}

async function chosenPlatforms({ platform }: InitOptions, ask: Ask | undefined): Promise<Answers['platforms']> {
  const known = platforms.map(({ id }) => id).join(', ');
  const answer =
    platform.length > 0 || ask === undefined
      ? platform.join(',')
      : await ask(`Compare native Linux with, separated by commas (${known}; empty: nothing)`, '');
  const names = answer.split(/[\s,]+/).filter((name) => name !== '');
  return [...new Set(names)].map((name) => byId('platform', name, platforms));
}

async function rootfsFor(
  chosen: Answers['platforms'],
  options: InitOptions,
  ask: Ask | undefined,
): Promise<string | undefined> {
  if (options.rootfs !== undefined) return options.rootfs;
  if (!chosen.some(hasGuests)) return undefined;
  return ask?.('Root file system for guests, a folder on the machine (`bench rootfs` makes it)', '/srv/bench/rootfs');
}

function cpusOf(text: string, count: number): readonly number[] {
  const numbers = text.split(',').map((word) => Number(word.trim()));
  if (/^[\d, ]+$/.test(text) && numbers.every((cpu) => cpu < count)) return [...new Set(numbers)].sort((a, b) => a - b);
  const expected = count === 1 ? 'CPU 0, which is its only one' : `numbers from 0 to ${count - 1}, separated by commas`;
  throw new BenchError({ stage: 'config', message: 'the machine does not have these CPUs', expected, found: text });
}

/** The draft as a run would read it. Throws its mistakes, one line each, without the position in a file nobody has seen. */
function checked(path: string, draft: Parameters<typeof jsonText>[0]): Config {
  const read = readConfig(jsonText(draft), path, homedir());
  if (read.ok) return read.config;
  const mistakes = read.mistakes.map((line) => line.replace(/^.*?:\d+:\d+: /, ''));
  throw new BenchError({ stage: 'config', message: mistakes.join('\n') });
}
