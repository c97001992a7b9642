import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { nested } from '../../harness/connect/nested.js';
import { conformance, refused } from './conformance.js';

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

it('never takes the failure of the entering tool for the exit code of the command', async () => {
  const guest = nested(
    connectLocal(),
    (command) => ({ ...command, argv: ['sh', '-c', 'echo "guest g1 is not running" >&2; exit 1'] }),
    'local g1',
  );
  const error = await refused(guest.exec({ argv: ['false'] }));
  expect(error.problem.message).toBe('cannot enter the guest on local g1');
  expect(error.problem.found).toBe('guest g1 is not running (exit code 1)');
});

it('drops what the entering tool says before the command', async () => {
  const guest = nested(
    connectLocal(),
    (command) => ({ ...command, argv: ['sh', '-c', 'echo warning >&2; exec "$@"', 'sh', ...command.argv] }),
    'local g2',
  );
  expect((await guest.exec({ argv: ['sh', '-c', 'echo own >&2'] })).stderr).toBe('own\n');
});
