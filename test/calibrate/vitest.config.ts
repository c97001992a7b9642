import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['test/calibrate/write.calibrate.ts'], testTimeout: 1_800_000 } });
