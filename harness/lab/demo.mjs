// `npm run demo`: sets up what is missing, and runs `bench demo` in this checkout. A second run repeats only the
// measurements.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, root } from '../bootstrap.mjs';

const ready = bootstrap({
  purposes: ['lab'],
  build: true,
  without: 'no lab, so no container and no SSH: what needs no second machine is measured natively on this one',
  report: (line) => process.stderr.write(`${line}\n`),
});
const words = [join(root, 'dist', 'harness', 'cli.js'), 'demo', ...(ready.complete ? [] : ['--no-lab'])];
const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
process.exit(status ?? 1);
