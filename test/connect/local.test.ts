import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { nested } from '../../harness/connect/nested.js';
import type { Executor } from '../../harness/types.js';
import { conformance, refused, type Traits } from './conformance.js';

async function scratchHere(): Promise<{ scratch: string; close: () => Promise<void> }> {
  const scratch = await mkdtemp(join(tmpdir(), 'bench-connect-'));
  return { scratch, close: () => rm(scratch, { recursive: true, force: true }) };
}

conformance('this machine', async () => ({ executor: connectLocal(), ...(await scratchHere()) }));

conformance(
  'a guest that is entered through dash',
  async () => ({
    executor: nested(
      connectLocal(),
      // No `exec`: like the tools that enter a guest, this shell stays and reports what became of the command.
      (command) => ({ ...command, argv: ['dash', '-c', '"$@"; exit $?', 'dash', ...command.argv] }),
      'local dash',
    ),
    ...(await scratchHere()),
  }),
  { signals: 'as code' },
);

// The harness's own scripts run in whatever a guest has as /bin/sh. The bind mount is seen by the command alone.
const SWAP = 'mount --bind "$1" /bin/sh && shift && exec "$@"';
const inShell = (shell: string): Executor =>
  nested(
    connectLocal(),
    (command) => ({
      ...command,
      argv: ['unshare', '--mount', '/bin/dash', '-c', SWAP, 'dash', shell, ...command.argv],
    }),
    `local ${shell}`,
  );
const limits = (shell: string): Traits => (shell === '/bin/busybox' ? { limits: 'command' } : {});
for (const shell of ['/bin/bash', '/bin/busybox']) {
  const why = await inShell(shell)
    .exec({ argv: ['true'] })
    .then(
      () => null,
      (error: unknown) => `needs ${shell}, root and mount namespaces: ${String(error)}`,
    );
  const title = `a guest whose /bin/sh is ${shell}`;
  if (why === null)
    conformance(title, async () => ({ executor: inShell(shell), ...(await scratchHere()) }), limits(shell));
  else describe.skip(`${title} (skipped: ${why})`, () => undefined);
}

it('never takes the failure of the entering tool for the exit code of the command', async () => {
  const guest = nested(
    connectLocal(),
    (command) => ({ ...command, argv: ['sh', '-c', 'echo "guest g1 is not running" >&2; exit 1'] }),
    'local g1',
  );
  const error = await refused(guest.exec({ argv: ['false'] }));
  expect(error.problem.message).toBe('cannot enter the guest on local g1');
  expect(error.problem.found).toBe('guest g1 is not running (exit code 1)');
  expect(error.killed).toBe(false);
});

it('knows when the entering tool was killed, which is no failure of the guest', async () => {
  const guest = nested(connectLocal(), (command) => ({ ...command, argv: ['sh', '-c', 'kill -KILL $$'] }), 'local g1');
  const error = await refused(guest.exec({ argv: ['false'] }));
  expect([error.problem.found, error.killed]).toEqual(['SIGKILL', true]);
  expect(error.atStage('install').within({ target: 'linux-up' }).killed).toBe(true);
});

it('drops what the entering tool prints before the command', async () => {
  const guest = nested(
    connectLocal(),
    (command) => ({ ...command, argv: ['sh', '-c', 'echo warning >&2; exec "$@"', 'sh', ...command.argv] }),
    'local g2',
  );
  expect((await guest.exec({ argv: ['sh', '-c', 'echo own >&2'] })).stderr).toBe('own\n');
});
