import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { calibrationText } from './tables.js';

// `npm run calibrate`: minutes of simulation, and the document that shows them.
it('writes docs/calibration.md', async () => {
  const path = new URL('../../docs/calibration.md', import.meta.url);
  const options = await resolveConfig(path);
  const text = await format(calibrationText('bench', 3000), { ...options, parser: 'markdown' });
  expect(text).toContain('# Calibration');
  writeFileSync(path, text);
}, 1_800_000);
