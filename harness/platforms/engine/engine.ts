import { BenchError } from '../../errors.js';
import type { Executor } from '../../types.js';
import { printed } from '../../host/printed.js';
import { INIT, launch } from '../container/start.js';
import type { Place } from '../container/place.js';
import type { Launch } from '../container/tool.js';
import type { ImageOptions } from '../container/options.js';
import { guestOptions, LABEL, labelOptions, limitOptions } from './run.js';

/** The command that talks to an engine; both take docker's verbs and options. */
export type EngineCommand = readonly [string, ...string[]];

/**
 * `halt` and `discard` of `cleanup.sh` for an engine. In front of it comes the function `engine`, which runs its command
 * line. A container is only touched when its label says that it is a guest of this host's work directory.
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

/** What a stopped container of this name was asked for; `undefined` when there is none. */
async function specOfStopped(host: Executor, engine: EngineCommand, place: Place): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${LABEL.group}"}} {{index .Config.Labels "${LABEL.spec}"}}`;
  const text = await printed(host, [...engine, 'inspect', '--type', 'container', '--format', format, place.name]);
  const [group, spec] = text?.trim().split(' ') ?? [];
  return group === place.group ? spec : undefined;
}

/**
 * Starts the container that the guest had, with what it changed of its root file system, when it is asked for the same
 * now; else a new one. `source` is what `run` takes last before the command: an image, or a directory.
 */
export async function startContainer(
  host: Executor,
  engine: EngineCommand,
  { place, options, shape, versionOf }: Launch<ImageOptions>,
  { parent, source, more = [] }: { parent: string; source: readonly string[]; more?: readonly string[] },
): Promise<void> {
  const [shell, ...script] = INIT;
  const asked = [
    ...guestOptions(place, options, parent),
    ...limitOptions(shape, versionOf('cpu')),
    ...more,
    `--entrypoint=${shell}`,
    ...source,
    ...script,
  ];
  const { spec, options: labels } = labelOptions(place, asked);
  const stopped = await specOfStopped(host, engine, place);
  if (stopped === spec) {
    try {
      await launch(host, place, [...engine, 'start', place.name]);
      return;
    } catch (error) {
      // An engine that saw its container crash may not want it back; what the guest keeps is on its disk.
      if (error instanceof BenchError && error.transport) throw error;
    }
  }
  if (stopped !== undefined) await host.exec({ argv: [...engine, 'rm', '--force', '--volumes', place.name] });
  const cid = `${place.dir}/cid`;
  await host.exec({ argv: ['rm', '-f', '--', cid] });
  await launch(host, place, [...engine, 'run', '--detach', `--cidfile=${cid}`, ...labels, ...asked]);
}

/** The first process of a running container of ours. */
export async function pidOfContainer(host: Executor, engine: EngineCommand, place: Place): Promise<number | undefined> {
  const format = '{{.State.Running}} {{.State.Pid}}';
  const text = await printed(host, [...engine, 'inspect', '--type', 'container', '--format', format, place.name]);
  const [, pid] = /^true ([1-9]\d*)$/.exec(text?.trim() ?? '') ?? [];
  return pid === undefined ? undefined : Number(pid);
}
