import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canBeKept,
  isOfAnotherBoot,
  journalText,
  readJournal,
  type ControlJournal,
} from '../../harness/host/journal.js';

const journal: ControlJournal = {
  token: '0f-1',
  boot: 'b0-1',
  run: 'run-1',
  who: 'ada@desk',
  since: '2026-01-02T03:04:05Z',
  lines: [
    { control: 'turbo', path: '/sys/devices/system/cpu/cpufreq/boost', original: '1', wanted: '0' },
    { control: 'smt', path: '/sys/devices/system/cpu/cpu3/online', original: '1' },
  ],
};

describe('a journal of settings', () => {
  it('is read as it was written', () => {
    expect(readJournal(journalText(journal))).toEqual(journal);
    expect(journalText(journal)).toMatch(/^bench-controls\/1 0f-1 b0-1\n\{.*\}\n$/);
  });

  it('is ASCII whatever names it has, so that its length in bytes is known', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50, unit: 'binary' }), (who) => {
        const text = journalText({ ...journal, who });
        expect(text).toMatch(/^[ -~\n]*$/);
        const read = readJournal(text);
        expect(read).toEqual({ ...journal, who: who.replace(/\p{C}/gu, '?') });
      }),
    );
  });

  it.each([
    [
      'a name that systemd has escaped',
      '/sys/fs/cgroup/cpuset/machine.slice/machine-qemu\\x2d1.scope/cpuset.cpus',
      true,
    ],
    ['a name that is a pattern', '/sys/fs/cgroup/cpuset/a*/cpuset.cpus', false],
    ['something else than a setting', '/etc/passwd', false],
  ])('keeps what it can be read with, of %s', (_, path, kept) => {
    expect(canBeKept(path, '0-3')).toBe(kept);
    const lines = [{ control: 'smt', path, original: '0-3' }];
    const text = journalText({ ...journal, lines });
    expect(readJournal(text)).toEqual(kept ? { ...journal, lines } : 'damaged');
  });

  it('of another version still shows its boot', () => {
    const text = journalText(journal).replace('controls/1', 'controls/2');
    expect(isOfAnotherBoot(text, 'b0-1')).toBe(false);
    expect(isOfAnotherBoot(text, 'b0-2')).toEqual({ token: '0f-1', boot: 'b0-1' });
    expect(isOfAnotherBoot('', 'b0-2')).toBe(false);
    expect(isOfAnotherBoot('bench-controls/2 $(id) b0-1\n', 'b0-2')).toBe(false);
  });

  it('cut short anywhere is damaged', () => {
    const text = journalText(journal);
    for (let length = 0; length < text.length; length += 1) expect(readJournal(text.slice(0, length))).toBe('damaged');
  });

  it.each([
    ['a path outside of the settings of a kernel', '/etc/passwd'],
    ['a path that leaves them', '/sys/../etc/passwd'],
    ['a path that is a pattern', '/sys/devices/system/cpu/cpu*/online'],
    ['a path of two lines', '/sys/a\n/sys/b'],
    ['memory of a process', '/proc/1/mem'],
  ])('with %s is damaged', (_, path) => {
    const lines = [{ control: 'x', path, original: '1' }];
    expect(readJournal(journalText({ ...journal, lines }))).toBe('damaged');
  });

  it.each([
    ['another format', (text: string) => text.replace('controls/1', 'controls/2')],
    ['a token that is none', (text: string) => text.replace('0f-1', '$(id)')],
    ['a value of two lines', (text: string) => text.replace('"original":"1"', '"original":"1\\n2"')],
    ['something more', (text: string) => text.replace('"run"', '"more":1,"run"')],
    ['a line after it', (text: string) => `${text}x`],
  ])('with %s is damaged', (_, change) => {
    expect(readJournal(change(journalText(journal)))).toBe('damaged');
  });
});
