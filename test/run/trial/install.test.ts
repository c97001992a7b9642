import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import type { HostSession } from '../../../harness/run/session/session.js';
import { installSuite } from '../../../harness/run/trial/install.js';
import type { Executor, Guest, Suite } from '../../../harness/types.js';
import { dummySuite } from '../dummy-suite.js';

let workDir = '';
beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'bench-install-'));
});
afterEach(() => rm(workDir, { recursive: true, force: true }));

it('the files of a suite cost two commands in a guest, however many they are, and one if they are there', async () => {
  const here = connectLocal();
  let commands = 0;
  const executor: Executor = {
    ...here,
    exec: (command) => {
      commands += 1;
      return here.exec(command);
    },
    put: () => Promise.reject(new Error('one file by itself')),
  };
  const guest: Guest = {
    ...{ name: 'g', executor, workDir, cpus: [0] },
    readBack: () => Promise.resolve([]),
    stop: () => Promise.resolve(),
  };
  const session = { host: { config: { id: 'here', connect: { via: 'local' } } } } as unknown as HostSession;
  const names = ['a.sh', 'b.sh', 'c/d.sh', 'e.sh', 'f.sh'];
  const dummy = dummySuite();
  const files = names.map((name) => ({ name, source: new URL(import.meta.url) }));
  const suite: Suite = { ...dummy, needs: { ...dummy.needs, files } };
  const { dir } = await installSuite(session, guest, suite);
  expect(commands).toBe(2);
  const own = await readFile(new URL(import.meta.url), 'utf8');
  for (const name of names) expect(await readFile(join(dir, name), 'utf8')).toBe(own);
  await installSuite(session, guest, suite);
  expect(commands).toBe(3);
});
