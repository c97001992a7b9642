import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { compileBench } from '../compiled.js';
import { killAgentsBelow } from '../processes.js';
import { start, type Started } from './command-line.js';

const lacking = [
  ...(process.platform === 'linux' ? [] : ['Linux']),
  ...(spawnSync('cc', ['--version']).status === 0 ? [] : ['a C compiler']),
];
const why = lacking.length === 0 ? '' : ` (skipped: needs ${lacking.join(' and ')})`;

describe.skipIf(lacking.length > 0)(`bench run on this machine, interrupted${why}`, () => {
  let folder = '';
  let cli = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-interrupt-'));
    cli = compileBench(folder);
    const hosts = { here: { connect: 'local', workDir: join(folder, 'work') } };
    const targets = { 'linux-up': { host: 'here', platform: 'native', shape: { cpus: [0] } } };
    writeFileSync(join(folder, 'hosts.json'), JSON.stringify({ hosts, targets }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...more: readonly string[]): Started => {
    const started = start(cli, folder, ['run', '--runs-dir', 'my runs', ...more]);
    onTestFinished(async () => {
      started.kill('SIGKILL');
      await started.ended;
      killAgentsBelow(join(folder, 'work'));
    });
    return started;
  };
  const beginning = ['--suite', 'lmbench', '--trials', '2'] as const;

  it('ends cleanly, prints the command that resumes it, and resumes', { timeout: 180_000 }, async () => {
    const first = run(...beginning);
    await first.prints('lmbench: started');
    first.kill('SIGINT');
    const { code, stdout, stderr } = await first.ended;
    expect(code).toBe(130);
    const id = readdirSync(join(folder, 'my runs'))[0] ?? '';
    expect(stdout).toBe(`my runs/${id}\n`);
    expect(stderr).toContain(`to resume: bench run --resume ${id} --runs-dir 'my runs'\n`);
    expect(readdirSync(join(folder, 'my runs', id)).filter((name) => name.startsWith('claim'))).toEqual([]);

    const again = run('--resume', id);
    await again.prints('lmbench: started');
    again.kill('SIGTERM');
    expect((await again.ended).code).toBe(130);
    const events = readFileSync(join(folder, 'my runs', id, 'journal.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events.filter((event) => ['opened', 'resumed', 'closed'].includes(event))).toEqual([
      'opened',
      'closed',
      'resumed',
      'closed',
    ]);
  });

  it('takes two signals of one moment for one, and leaves no lock', { timeout: 180_000 }, async () => {
    const twice = run(...beginning);
    await twice.prints('lmbench: started');
    twice.kill('SIGTERM');
    twice.kill('SIGINT');
    const { code, stderr } = await twice.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('to resume: bench run --resume');
    expect(readdirSync(join(folder, 'work'))).not.toContain('lock');
  });

  it('refuses to resume a run that does not exist', async () => {
    const { code, stderr } = await run('--resume', 'nonsense').ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^bench: there (?:is no run "nonsense"|are no runs)/);
  });
});
