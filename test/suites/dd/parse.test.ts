import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dd } from '../../../suites/dd/index.js';
import { parse } from '../../../suites/dd/parse.js';
import { recognize } from '../../../suites/dd/recognize.js';
import { readReports } from '../../../suites/dd/report.js';
import { areWhole, damaged, fixtureOf, shown, trialOf, type Printed } from '../printed.js';

const text = (content: string) => ({ text: content, file: 'f', firstLine: 1 });

describe('the report of dd', () => {
  it.each([
    ['read_cold.stderr', 268435456, 0.0996525, 1e-7],
    ['small_bs_4k.stderr', 268435456, 0.666129, 1e-6],
    ['write_2g_direct.stderr', 2147483648, 1.24177, 1e-5],
    ['write_6g_fdatasync.stderr', 6442450944, 3.07795, 1e-5],
    ['write_6g_plain.stderr', 6442450944, 12.4024, 1e-4],
  ])('%s', (name, bytes, value, resolution) => {
    const seconds = { value, resolution };
    expect(readReports(fixtureOf('dd', name))).toEqual([{ bytes, seconds, at: { file: name, line: 3 } }]);
  });

  it.each([
    ['an older release', '1073741824 bytes (1.1 GB) copied, 9.77 s, 110 MB/s\n', 1073741824, 9.77],
    ['few bytes', '512 bytes copied, 8.3e-05 s, 6.2 MB/s\n', 512, 8.3e-5],
    ['one byte', '1 byte copied, 0.0001 s, 10 kB/s\n', 1, 0.0001],
    ['progress', '\r5 bytes (5 B) copied, 1 s, 5 B/s\r9 bytes (9 B) copied, 2 s, 4 B/s\r\n', 9, 2],
  ])('of %s', (_, content, bytes, value) => {
    expect(readReports(text(content))).toMatchObject([{ bytes, seconds: { value } }]);
  });

  it.each([
    ["dd: error writing 'x': No space left on device\n9+0 records in\n", /expected what dd copied, found "dd: error/],
    ['0 bytes copied, 0.17 s, 0.0 kB/s\n', /above zero/],
    ['512 bytes copied, 0 s, Infinity B/s\n', /above zero/],
    ['268435456 bytes (268 MB, 256 MiB) copied, 0,0996 s, 2,7 GB/s\n', /expected a number, found "0,0996"/],
    ["dd: unrecognized operand 'x'\nTry 'dd --help' for more information.\n", /unrecognized/],
  ])('%j is refused', (content, why) => {
    expect(() => readReports(text(content))).toThrow(why);
  });
});

const size = { blockMiB: 1, copies: 2 };
const copied = (bytes: number, seconds: number): string =>
  `1+0 records in\n1+0 records out\n${bytes} bytes copied, ${seconds} s, ${Math.round(bytes / seconds)} B/s\n`;
const good = {
  write: { stderr: copied(1048576, 0.5) + copied(1048576, 1.5), wallSeconds: 2.5 },
  'drop-cache': { stdout: 'cached-bytes 0\n' },
  read: { stderr: copied(2097152, 4), stdout: 'disk-bytes 2101248\n', wallSeconds: 5 },
} as const satisfies Record<string, Printed>;

describe('the readings of a trial of dd', () => {
  it('are bytes by seconds', () => {
    expect(shown(parse(trialOf(good), size))).toEqual({
      write: 1048576,
      'write-wall-clock': 2097152 / 2.5,
      read: 2097152 / 4,
      'read-wall-clock': 2097152 / 5,
    });
  });

  it('need no count of cached pages where the kernel has none', () => {
    const quiet = { ...good, 'drop-cache': {}, read: { ...good.read, stdout: '' } };
    expect(shown(parse(trialOf(quiet), size))).toHaveProperty('read', 2097152 / 4);
  });

  it.each([
    ['write', { write: { stderr: '', stdout: '' } }, /expected the reports of 2 calls of dd, found 0/],
    [
      'write',
      { write: { ...good.write, stderr: copied(1048576, 0.5) + copied(8, 1.5) } },
      /expected 1048576 bytes copied, found 8/,
    ],
    ['write', { write: { ...good.write, wallSeconds: 1 } }, /dd reports 2.0000 s, but its step took 1.0000 s/],
    [
      'write',
      { write: { stderr: 'dd: error\n', outcome: { status: 'exited', code: 1 } } },
      /step write exited with code 1: "dd: error"/,
    ],
    ['read', { 'drop-cache': { stdout: 'cached-bytes 2097152\n' } }, /not cold: 2097152 bytes of it stayed/],
    ['read', { read: { ...good.read, stdout: 'disk-bytes 0\n' } }, /only 0 of its 2097152 bytes/],
    ['read', { read: { ...good.read, stderr: copied(1048576, 4) } }, /expected 2097152 bytes copied/],
    ['read', { 'drop-cache': { outcome: { status: 'exited', code: 1 } } }, /drop-cache exited with code 1/],
  ] as const)('%s has none when %j', (metric, change: Record<string, Printed>, why) => {
    const readings = shown(parse(trialOf({ ...good, ...change }), size));
    expect(readings[metric]).toMatch(why);
    expect(readings[`${metric}-wall-clock`]).toMatch(why);
    expect(readings[metric === 'read' ? 'write' : 'read']).toBeTypeOf('number');
  });

  it('never throw on any input', () => {
    const any = damaged([good.write.stderr, good.read.stderr, good.read.stdout, good['drop-cache'].stdout]);
    fc.assert(
      fc.property(any, any, any, (write, drop, read) =>
        areWhole(
          parse(
            trialOf({ write: { stderr: write }, 'drop-cache': { stdout: drop }, read: { stderr: read, stdout: drop } }),
            size,
          ),
          dd.metrics,
        ),
      ),
    );
  });
});

describe('dd measured elsewhere', () => {
  it.each([
    ['the BSDs', '1073741824 bytes transferred in 0.498123 secs (2155575349 bytes/sec)', 2 ** 30 / 0.498123],
    ['busybox', '1073741824 bytes (1.0GB) copied, 0.498123 seconds, 2.0GB/s', 2 ** 30 / 0.498123],
    ['releases before 8.24', '1073741824 bytes (1.1 GB) copied, 2.5 s, 429 MB/s', 2 ** 30 / 2.5],
  ])('is read as %s print it', (_, line, value) => {
    const text = `1024+0 records in\n1024+0 records out\n${line}\n`;
    expect(recognize([{ text, file: 'write-1.txt', firstLine: 1 }])[0]?.readings).toMatchObject([{ value }]);
  });

  it('has a finding where nothing shows that a write waited for the disk', () => {
    const [plain, waited] = recognize([
      { ...fixtureOf('dd', 'write_6g_plain.stderr'), file: 'write-1.txt' },
      fixtureOf('dd', 'write_6g_fdatasync.stderr'),
    ]);
    expect(plain?.findings).toMatchObject([{ check: 'wait for the disk', verdict: 'unavailable' }]);
    expect(waited?.findings).toBeUndefined();
  });

  it('is read from a transcript with prompts, and with the time of a shell', () => {
    const text = [
      'root@xen1:~# sync',
      'root@xen1:~# echo 3 > /proc/sys/vm/drop_caches',
      'root@xen1:~# time dd if=/data of=/dev/null bs=1M',
      '1024+0 records in',
      '1024+0 records out',
      '1073741824 bytes (1.1 GB, 1.0 GiB) copied, 2.5 s, 429 MB/s',
      '',
      'real\t0m2.513s',
      'user\t0m0.001s',
      'sys\t0m0.700s',
      'root@xen1:~# ',
    ].join('\n');
    expect(recognize([{ text, file: 'log', firstLine: 1 }])[0]?.readings).toMatchObject([
      { metric: 'read', value: 2 ** 30 / 2.5, at: { line: 6 } },
    ]);
  });

  it.each([
    ['read_cold.stderr', 'read', 268435456 / 0.0996525],
    ['write_6g_fdatasync.stderr', 'write', 6442450944 / 3.07795],
  ])('%s is identified by its name', (name, metric, value) => {
    expect(recognize([fixtureOf('dd', name)])).toMatchObject([{ files: [name], readings: [{ metric, value }] }]);
  });

  it('or by its command', () => {
    const report = copied(1048576, 0.5);
    const command = '$ dd if=/dev/zero of=/data/x bs=1M conv=notrunc,fdatasync\n';
    expect(recognize([text(command + report)])[0]?.readings).toMatchObject([{ metric: 'write' }]);
    const direct = `+ dd if=/x of=/dev/null iflag=direct\n${report}`;
    expect(recognize([text(direct)])[0]?.readings).toMatchObject([{ metric: 'read' }]);
    const dropped = `# echo 3 > /proc/sys/vm/drop_caches\n# dd if=/data/of=y of=/dev/null\n${report}`;
    expect(recognize([text(dropped)])[0]?.readings).toMatchObject([{ metric: 'read' }]);
    expect(() => recognize([text(`dd if=/dev/zero of=x bs=1M\n${report}`)])).toThrow(/did not wait for the disk/);
  });

  it.each([
    ['small_bs_4k.stderr', /:3: expected the command of dd, or the word read or write/],
    ['thread-count.txt', /:3: expected the command of dd, or the word read or write/],
    ['spread/bread-1.txt', /:3: expected the command of dd, or the word read or write/],
    ['read-1.txt', /^read-1\.txt:3: expected iflag=direct, .* is not cold/],
  ])('%s is refused', (file, why) => {
    expect(() => recognize([{ ...fixtureOf('dd', 'small_bs_4k.stderr'), file }])).toThrow(why);
  });

  it.each([
    ['dd if=/x of=/dev/null bs=1M', /is not cold/],
    ['dd if=/dev/zero of=/dev/null bs=1M', /expected dd to read a file, found if="\/dev\/zero"/],
    ['dd if=/dev/zero of=/x bs=1M conv=sync', /did not wait for the disk/],
  ])('%s is refused', (command, why) => {
    expect(() => recognize([text(`$ ${command}\n${copied(1048576, 0.5)}`)])).toThrow(why);
  });
});
