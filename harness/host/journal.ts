import { z } from 'zod';

/** One file that a control changes, or that changes with it. */
export interface JournalLine {
  readonly control: string;
  readonly path: string;
  /** What restores it. */
  readonly original: string;
  /** What it is set to; absent where the kernel changes it together with another file. */
  readonly wanted?: string;
}

/**
 * The write-ahead journal of the settings of a host: what is on its disk before any setting is changed, until all are
 * restored.
 */
export interface ControlJournal {
  /** Random: identifies this journal. */
  readonly token: string;
  /** The boot whose settings it has (/proc/sys/kernel/random/boot_id): after another boot they are what booting made them. */
  readonly boot: string;
  readonly run: string;
  /** `user@machine`, for messages. */
  readonly who: string;
  /** ISO 8601, by the clock of the orchestrator; for messages only. */
  readonly since: string;
  /** In the order in which controls are set. */
  readonly lines: readonly JournalLine[];
}

const FORMAT = 'bench-controls/1';

/** No text of a journal reaches a terminal with control characters in it. */
const shown = z
  .string()
  .max(200)
  .transform((text) => text.replace(/\p{C}/gu, '?'));
const value = z
  .string()
  .max(8192)
  .regex(/^[^\p{Cc}]*$/u);
/**
 * Nothing but settings of the kernel is ever written back, whatever a journal contains. A backslash is part of many names of
 * groups (systemd writes `-` as `\x2d`); a colon ends the name where files are read.
 */
const PATH = /^\/(?:sys|proc\/sys|proc\/irq)(?:\/(?!\.\.?(?:\/|$))[^/\p{Cc}*?[\]:]+)+$/u;
const line = z.strictObject({
  control: shown,
  path: z.string().regex(PATH),
  original: value,
  wanted: value.optional(),
});
const body = z.strictObject({ run: shown, who: shown, since: shown, lines: z.array(line) });

/** Whether a journal can keep what a file reads, so that it can be restored. */
export const canBeKept = (path: string, content: string): boolean =>
  PATH.test(path) && content.length <= 4096 && !/\p{Cc}/u.test(content);

/** The text of a journal: a line `bench-controls/1 TOKEN BOOT`, which the script reads, and a line of JSON in ASCII. */
export function journalText({ token, boot, ...rest }: ControlJournal): string {
  const json = JSON.stringify(rest).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${FORMAT} ${token} ${boot}\n${json}\n`;
}

/**
 * Whether a journal that cannot be read, of another version of the format perhaps, was written before the host was
 * restarted: its values are no longer valid then.
 */
export function isOfAnotherBoot(text: string, boot: string): { readonly token: string; readonly boot: string } | false {
  const [, token = '', journalBoot = ''] =
    /^bench-controls\/\d{1,9} ([0-9a-f-]{1,64}) ([0-9a-f-]{1,64})\n/.exec(text) ?? [];
  return journalBoot === '' || journalBoot === boot ? false : { token, boot: journalBoot };
}

/** Reads a journal; `damaged` for what is none: journals are written whole, so something else wrote it. */
export function readJournal(text: string): ControlJournal | 'damaged' {
  const match = /^bench-controls\/1 ([0-9a-f-]{1,64}) ([0-9a-f-]{1,64})\n([^\n]*)\n$/.exec(text);
  if (match === null) return 'damaged';
  const [, token = '', boot = '', json = ''] = match;
  try {
    const { lines, ...rest } = body.parse(JSON.parse(json));
    const whole = lines.map(({ wanted, ...line }) => (wanted === undefined ? line : { ...line, wanted }));
    return { token, boot, ...rest, lines: whole };
  } catch {
    return 'damaged';
  }
}
