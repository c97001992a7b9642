import { BenchError } from '../../errors.js';
import type { Executor } from '../../types.js';
import { printed } from '../../host/printed.js';
import { INIT, launch } from '../container/start.js';
import type { GuestPaths } from '../container/paths.js';
import type { Launch } from '../container/tool.js';
import type { ImageOptions } from '../container/options.js';
import { guestOptions, LABEL, labelOptions, limitOptions } from './run.js';

/** The command that talks to an engine; both take docker's verbs and options. */
export type EngineCommand = readonly [string, ...string[]];

/**
 * `halt` and `discard` for `groups.sh`. The function `engine`, which runs the engine's command line, precedes it. A
 * container is only touched when its label is that of this host's work directory.
 */
export const ENGINE_CLEANUP = `
ours() { [ "$(engine inspect --type container --format '{{index .Config.Labels "${LABEL.group}"}}' "$1" 2>/dev/null)" = "$group" ]; }
halt() {
  if ours "$1"; then engine stop --time 0 "$1" >/dev/null; else engine ps --quiet >/dev/null; fi
}
discard() {
  if ours "$1"; then engine rm --force --volumes "$1" >/dev/null; else engine ps --quiet >/dev/null; fi
}
`;

/** The options, hashed, of a stopped container of this name; `undefined` when there is none. */
async function specOfStopped(host: Executor, engine: EngineCommand, paths: GuestPaths): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${LABEL.group}"}} {{index .Config.Labels "${LABEL.spec}"}}`;
  const text = await printed(host, [...engine, 'inspect', '--type', 'container', '--format', format, paths.name]);
  const [group, spec] = text?.trim().split(' ') ?? [];
  return group === paths.group ? spec : undefined;
}

/**
 * Starts the container that the guest had, with what it changed of its root file system, when its options are the
 * same; else a new one. `source` is what `run` takes last before the command: an image, or a directory.
 */
export async function startContainer(
  host: Executor,
  engine: EngineCommand,
  { paths, options, shape, versionOf }: Launch<ImageOptions>,
  { parent, source, more = [] }: { parent: string; source: readonly string[]; more?: readonly string[] },
): Promise<void> {
  const [shell, ...script] = INIT;
  const run = [
    ...guestOptions(paths, options, parent),
    ...limitOptions(shape, versionOf('cpu')),
    ...more,
    `--entrypoint=${shell}`,
    ...source,
    ...script,
  ];
  const { spec, options: labels } = labelOptions(paths, run);
  const stopped = await specOfStopped(host, engine, paths);
  if (stopped === spec) {
    try {
      await launch(host, paths, [...engine, 'start', paths.name]);
      return;
    } catch (error) {
      // An engine may refuse to start a container that crashed; the guest's files are on its disk.
      if (error instanceof BenchError && error.transport) throw error;
    }
  }
  if (stopped !== undefined) await host.exec({ argv: [...engine, 'rm', '--force', '--volumes', paths.name] });
  const cid = `${paths.dir}/cid`;
  await host.exec({ argv: ['rm', '-f', '--', cid] });
  await launch(host, paths, [...engine, 'run', '--detach', `--cidfile=${cid}`, ...labels, ...run]);
}

/** The first process of a running container of ours. */
export async function pidOfContainer(
  host: Executor,
  engine: EngineCommand,
  paths: GuestPaths,
): Promise<number | undefined> {
  const format = '{{.State.Running}} {{.State.Pid}}';
  const text = await printed(host, [...engine, 'inspect', '--type', 'container', '--format', format, paths.name]);
  const [, pid] = /^true ([1-9]\d*)$/.exec(text?.trim() ?? '') ?? [];
  return pid === undefined ? undefined : Number(pid);
}
