import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standInLacks } from '../stand-in.js';
import { KERNELS, standIn, TRANSCRIPTS, type StandIn } from './standin.js';

/** Transcripts in their order, after what they were recorded in the state of; the rest are read by other tests. */
const REPLAYED = {
  '2.6.22.19-vs2.3.0.33': [
    '010-status-stopped',
    '011-exec-stopped',
    '012-start',
    '016-exit-0',
    '016-exit-126',
    '016-exit-127',
    '016-exit-255',
    '016-exit-3',
    '016-exit-42',
    '018-exec-odd-args',
    '020-proc-virtual-limit',
    '020-proc-virtual-sched',
    '020-proc-virtual-status',
  ],
  '4.9.154-vs2.3.9.8': [
    '010-exec-no-such-vserver',
    '012-status-stopped',
    '013-running-stopped',
    '014-exec-stopped',
    '015-stop-stopped',
    '115-sched-dir-on-4.9',
    '023-running-running',
    '025-exec-true',
    '030-exit-0',
    '030-exit-1',
    '030-exit-126',
    '030-exit-127',
    '030-exit-255',
    '030-exit-3',
    '030-exit-42',
    '033-exec-no-such-command',
    '034-exec-not-executable',
    '035-exec-odd-args',
    '036-exec-leading-dash',
    '038-exec-stdin',
    '039-exec-stdout-stderr-split',
    '040-exec-no-args',
    '041-vserver-no-cmd',
    '061-proc-virtual-limit',
    '061-proc-virtual-sched',
    '061-proc-virtual-status',
    '090-start-twice',
  ],
} as const;

const title = `the stand-in for util-vserver${standInLacks === undefined ? '' : ` (skipped: ${String(standInLacks)})`}`;
describe.skipIf(standInLacks !== undefined).each(KERNELS)(`${title}: %s`, (kernel) => {
  let bed: StandIn;
  beforeAll(async () => {
    bed = await standIn(kernel);
    // The guest web1 as it was built by hand, with context 101.
    const script = `
      vserver web1 build -m skeleton --hostname web1 --context 101 --interface 10.0.2.101/24 --initstyle plain &&
      cp -a /srv/root/. /vservers/web1/ && mkdir -p /vservers/web1/dev/pts /vservers/web1/sbin && mknod /vservers/web1/dev/null c 1 3 &&
      printf '#!/bin/sh\\nsleep 3600\\n' >/vservers/web1/sbin/init && chmod 755 /vservers/web1/sbin/init`;
    const { exit, stderr } = await bed.host.executor.exec({ argv: ['sh', '-c', script] });
    expect({ exit, stderr }).toMatchObject({ exit: { kind: 'code', code: 0 } });
  });
  afterAll(() => bed.remove());

  it.each(REPLAYED[kernel])('answers as in %s', async (name) => {
    const read = (part: string) => readFileSync(join(TRANSCRIPTS, kernel, `${name}.${part}`), 'utf8');
    // Written for bash; the small shell knows its $'...' too.
    const command = read('cmd').trimEnd();
    const { exit, stdout, stderr } = await bed.host.executor.exec({ argv: ['busybox', 'ash', '-c', command] });
    expect({ exit, stdout, stderr }).toEqual({
      exit: { kind: 'code', code: Number(read('rc')) },
      stdout: read('stdout'),
      stderr: read('stderr'),
    });
  });

  it('refuses what was never seen, and keeps it', async () => {
    const { exit } = await bed.host.executor.exec({ argv: ['vserver', 'web1', 'frobnicate'] });
    expect(exit).toEqual({ kind: 'code', code: 99 });
    expect(await bed.refused()).toEqual(['vserver web1 frobnicate ']);
  });
});

describe('the transcripts', () => {
  it.each(KERNELS)('of %s are whole', (kernel) => {
    const files = readdirSync(join(TRANSCRIPTS, kernel));
    const names = new Set(files.map((file) => file.replace(/\.(cmd|rc|stdout|stderr)$/, '')));
    expect(files).toHaveLength(4 * names.size);
  });
});
