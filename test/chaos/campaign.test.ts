import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('./campaign.mjs', import.meta.url));

/** A short part of a campaign; `node test/chaos/campaign.mjs --minutes 60 --seed 2` is a long one. */
it(
  'two benches on one host lose, repeat and overlap nothing when processes are killed',
  { timeout: 240_000 },
  async () => {
    const words = [script, '--seed', '1', '--minutes', '0.3'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await once(child, 'close');
    expect(printed.split('\n').filter((line) => line.includes('WRONG'))).toEqual([]);
    expect(printed).toMatch(/seed 1: \d+ trials collected; killed: /);
    expect(child.exitCode).toBe(0);
  },
);
