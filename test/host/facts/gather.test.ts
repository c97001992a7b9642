import { describe, expect, it } from 'vitest';
import { fakeConnection } from '../../../harness/connect/fake.js';
import { connectLocal } from '../../../harness/connect/local.js';
import { allFacts, directoryFacts, gatherFacts, readOutputs } from '../../../harness/host/facts/index.js';
import { gatherOrchestratorFacts } from '../../../harness/host/orchestrator.js';

const frames = (text: string): readonly string[] => readOutputs(Buffer.from(text, 'utf8'));

describe('the facts', () => {
  it('have names of their own, and words that fit on a line each', () => {
    const names = allFacts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(allFacts.flatMap(({ argv }) => argv).filter((word) => word.includes('\n'))).toEqual([]);
  });
});

describe('readOutputs', () => {
  it.each([
    ['nothing', '', []],
    ['an empty output', '==> 0\n\n', ['']],
    ['several', '==> 1\na\n==> 3\nb\nc\n', ['a', 'b\nc']],
    ['bytes, not characters', '==> 3\n€\n==> 1\nx\n', ['€', 'x']],
    ['an output that looks like a frame', '==> 9\n==> 1\nzzz\n==> 1\nx\n', ['==> 1\nzzz', 'x']],
    ['a frame that is cut short', '==> 1\na\n==> 5\nbc', ['a']],
    ['noise before the first', 'motd\n==> 1\na\n', []],
  ])('%s', (_, text, outputs) => {
    expect(frames(text)).toEqual(outputs);
  });
});

describe('gatherFacts', () => {
  it('asks once', async () => {
    const machine = fakeConnection([{ when: ['env'], answer: { stdout: '' } }]);
    await gatherFacts(machine, '/');
    expect(machine.commands).toHaveLength(1);
  });

  it('has null for what it cannot have', async () => {
    const machine = fakeConnection([{ when: ['env'], answer: { code: 1, stdout: '==> 5\nLinux\n' } }]);
    const facts = await gatherFacts(machine, '/');
    expect(Object.keys(facts)).toHaveLength(allFacts.length + directoryFacts('/').length);
    expect(new Set(Object.values(facts))).toEqual(new Set([null]));
  });

  it('has null for all when there is no shell', async () => {
    const facts = await gatherFacts(fakeConnection([]));
    expect(new Set(Object.values(facts))).toEqual(new Set([null]));
  });

  it('rejects when the machine is lost', async () => {
    const machine = fakeConnection([{ when: ['env'], answer: { lost: true } }]);
    await expect(gatherFacts(machine)).rejects.toMatchObject({ transport: true });
  });

  it('never lets a directory be more than a directory', async () => {
    const facts = await gatherFacts(connectLocal(), "/$(id)'; *");
    expect(facts['fileSystem']).toMatchObject({ mountPoint: '/' });
    expect((await gatherFacts(connectLocal(), '/a\n/b'))['kernel']).not.toBeNull();
  });
});

describe.skipIf(process.platform !== 'linux')('gatherFacts on this machine (skipped where it is not Linux)', () => {
  it('has what every Linux has', async () => {
    const facts = await gatherFacts(connectLocal(), '/proc');
    expect(facts).toMatchObject({
      kernel: { system: 'Linux' },
      commandLine: expect.any(String) as string,
      memory: { totalBytes: expect.any(Number) as number },
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      load: [expect.any(Number), expect.any(Number), expect.any(Number)],
      fileSystem: { type: 'proc', mountPoint: '/proc' },
    });
  });
});

describe('gatherOrchestratorFacts', () => {
  it('knows the versions and nothing that identifies one machine among others of its kind', async () => {
    const facts = await gatherOrchestratorFacts();
    expect(facts).toMatchObject({ bench: expect.stringMatching(/^\d+\.\d+/) as string, node: process.version });
    expect(Object.keys(facts).sort()).toEqual(['arch', 'bench', 'cpu', 'kernel', 'memoryBytes', 'node', 'os']);
  });
});
