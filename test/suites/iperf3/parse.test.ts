import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iperf3 } from '../../../suites/iperf3/index.js';
import { recognize } from '../../../suites/iperf3/recognize.js';
import type { RawStep, RawText, RawTrial, StepStatus } from '../../../harness/types.js';

/** A real output of iperf3 3.12. */
const fixture = (name: string): RawText => ({
  text: readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'),
  file: name,
  firstLine: 1,
});

/** A real report of one second, changed to three. */
const long = (name: string): string => {
  const report = JSON.parse(fixture(name).text) as {
    end: Record<string, { seconds: number; bits_per_second: number }>;
  };
  for (const sum of [report.end['sum_sent'], report.end['sum_received']]) {
    if (sum === undefined) continue;
    sum.seconds *= 3;
    sum.bits_per_second /= 3;
  }
  return JSON.stringify(report, null, '\t');
};

interface Printed {
  readonly stdout: string;
  readonly stderr?: string;
  readonly outcome?: StepStatus;
}

const incoming = long('reverse_json.stdout');
const outgoing = fixture('client_json.stdout').text;

function trial(receive: Printed, send: Printed = { stdout: outgoing }, wallSeconds = 5.5): RawTrial {
  const step = (name: string, { stdout, stderr = '', outcome = { status: 'exited', code: 0 } }: Printed): RawStep => ({
    name,
    phase: 'measure',
    outcome,
    wallSeconds,
    stdout: { text: stdout, file: 'raw/t.txt', firstLine: 100 },
    stderr: { text: stderr, file: 'raw/t.txt', firstLine: 9000 },
  });
  const installation = { tools: {}, env: {}, data: {} };
  return { profile: 'quick', installation, steps: [step('receive', receive), step('send', send)] };
}

describe('a trial of iperf3', () => {
  it('is what each receiver read, with its line', () => {
    const readings = iperf3.parse(trial({ stdout: incoming }));
    expect(readings.map((reading) => [reading.metric, 'value' in reading ? reading.value : reading.missing])).toEqual([
      ['throughput-in', expect.closeTo((2_023_096_320 * 8) / (3 * 1.000147), -2)],
      ['retransmits', 90],
      ['throughput-out', expect.closeTo(10_144_048_852.5, -2)],
      ['retransmits-out', 36],
    ]);
    const lines = outgoing.split('\n');
    const [, , rate, repeats] = readings.map(({ at }) => lines[(at?.line ?? 0) - 100]);
    expect(rate).toMatch(/"bits_per_second":\s+10144048852/);
    expect(repeats).toMatch(/"retransmits":\s+36,/);
  });

  it.each([
    [
      'a refused connection',
      { stdout: fixture('client_refused.stdout').text },
      /unable to connect to server: Connection refused/,
    ],
    [
      'a busy server',
      { stdout: fixture('busy_json.stdout').text },
      /found its error "the server is busy running a test/,
    ],
    [
      'a server that died',
      { stdout: fixture('server_died_json.stdout').text },
      /control socket has closed unexpectedly/,
    ],
    [
      'a test that was too short',
      { stdout: fixture('reverse_json.stdout').text },
      /flowed for 1\.00 s of the requested 3 s/,
    ],
    ['the other direction', { stdout: outgoing }, /the data went out, and should have gone in/],
    ['UDP', { stdout: fixture('udp_json.stdout').text }, /expected a test of TCP, found "UDP"/],
    ['both directions at once', { stdout: fixture('bidir_json.stdout').text }, /found both at once/],
    [
      'a report for humans',
      { stdout: fixture('client_human.stdout').text },
      /expected a report .* found "Connecting to/,
    ],
    ['nothing', { stdout: '' }, /found ""/],
    ['a report cut short', { stdout: incoming.slice(0, -40) }, /expected a report of iperf3 in JSON/],
    [
      'a rate that is not of its bytes',
      { stdout: incoming.replace('2023096320,\n\t\t\t"bits', '9,\n\t\t\t"bits') },
      /by bytes and seconds of sum_received, found/,
    ],
    [
      'a step that failed',
      { stdout: '', stderr: 'sh: 1: no\n', outcome: { status: 'exited', code: 1 } },
      /receive exited with code 1: "sh: 1: no"/,
    ],
  ] as const)('with %s has no value that way, and has the other', (_, receive, why) => {
    const readings = iperf3.parse(trial(receive));
    expect(readings).toMatchObject([
      { metric: 'throughput-in', missing: expect.stringMatching(why) as string },
      { metric: 'retransmits', missing: expect.stringMatching(why) as string },
      { metric: 'throughput-out', value: expect.any(Number) as number },
      { metric: 'retransmits-out', value: 36 },
    ]);
  });

  it('refuses more seconds than the program took', () => {
    expect(iperf3.parse(trial({ stdout: incoming }, { stdout: outgoing }, 4)).at(2)).toMatchObject({
      missing: expect.stringMatching(/claims 5\.01 s, but the program took 4\.00 s/) as string,
    });
  });

  it.each([
    ['-1', '-1'],
    ['"many"', '"many"'],
    ['a fraction', '0.5'],
  ])('retransmits of %s are missing, and 0 is a value', (_, count) => {
    const reporting = (text: string) => incoming.replaceAll(/"retransmits": 90/g, `"retransmits": ${text}`);
    expect(iperf3.parse(trial({ stdout: reporting(count) }))[1]).toMatchObject({
      missing: expect.anything() as string,
    });
    expect(iperf3.parse(trial({ stdout: reporting('0') }))[1]).toMatchObject({ value: 0 });
  });

  it('never throws, and yields finite numbers only', () => {
    const edit = fc.tuple(fc.nat(incoming.length), fc.oneof(fc.string(), fc.constantFrom('9e999', 'null', '{}', '-')));
    const edited = fc
      .array(edit, { maxLength: 3 })
      .map((edits) => edits.reduce((text, [at, by]) => text.slice(0, at) + by + text.slice(at + 1), incoming));
    const valid = fc.json().map((value) => `{"start":{"test_start":{"protocol":"TCP","reverse":1}},"end":${value}}`);
    fc.assert(
      fc.property(fc.oneof(edited, valid, fc.json(), fc.string()), (stdout) => {
        for (const reading of iperf3.parse(trial({ stdout }))) {
          if ('value' in reading) expect(Number.isFinite(reading.value)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('reports of iperf3 that were measured elsewhere', () => {
  it.each([
    ['client_json.stdout', 'throughput-out', 10_144_048_852.5, 'retransmits-out', 36],
    ['reverse_json.stdout', 'throughput-in', 16_182_391_748.4, 'retransmits', 90],
    ['server_json.stdout', 'throughput-in', 15_348_056_488.7, 'retransmits', undefined],
    ['server_reverse_json.stdout', 'throughput-out', undefined, 'retransmits-out', 13_643],
  ])('%s', (name, throughput, rate, retransmits, count) => {
    const [found] = recognize([fixture(name)]);
    expect(found).toMatchObject({ files: [name], source: { program: 'iperf3 3.12' } });
    const of = (value: number | undefined): unknown => (value === undefined ? 'missing' : expect.closeTo(value, -2));
    expect(found?.readings.map((reading) => [reading.metric, 'value' in reading ? reading.value : 'missing'])).toEqual([
      [throughput, of(rate)],
      [retransmits, of(count)],
    ]);
  });

  it('adds up connections, as iperf3 does', () => {
    const [found] = recognize([fixture('reverse_parallel_json.stdout')]);
    const report = JSON.parse(fixture('reverse_parallel_json.stdout').text) as {
      end: { sum_received: { bits_per_second: number } };
    };
    expect(found?.readings[0]).toMatchObject({
      value: expect.closeTo(report.end.sum_received.bits_per_second, -2) as number,
    });
  });

  it.each([
    ['client_human.stdout', /client_human\.stdout:1: expected a report of iperf3 in JSON/],
    ['client_refused.stdout', /client_refused\.stdout:10: .* found its error "unable to connect/],
    ['udp_json.stdout', /expected a test of TCP/],
  ])('%s is refused', (name, why) => {
    expect(() => recognize([fixture(name)])).toThrow(why);
  });
});
