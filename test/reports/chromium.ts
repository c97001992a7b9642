import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The browser of this machine; undefined where none is installed. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
/** For the title of tests that are skipped without it. */
export const missing =
  CHROMIUM === undefined ? ' (skipped: no chromium on this machine, install the Debian package chromium)' : '';

/** Keeps the browser itself from calling anybody. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const ARGS = [...QUIET, '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND'];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ARGS });
}
