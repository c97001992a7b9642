import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { list } from '../harness/cli/list.js';
import { makePrinter } from '../harness/cli/printer.js';
import { makeProgram } from '../harness/cli/program.js';
import { references } from '../reports/reference/index.js';
import type { Context } from '../harness/cli/context.js';
import { buildReport, loadAssets, renderHtml } from '../reports/index.js';
import { generatedLists } from './docs/lists.js';
import { renderPictures } from './docs/pictures.js';
import { suite } from './reports/suite.js';
import { demoRun } from './reports/synthetic.js';

// `npm run docs` runs this file with BENCH_DOCS=write, which rewrites the generated lists and the pictures.

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const writing = process.env['BENCH_DOCS'] === 'write';
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const silent = { write: () => true, on: () => undefined };
const printer = makePrinter({ stdout: silent as never, stderr: silent as never, verbose: false, color: false });
const context: Context = { printer, process };

/** The real command line, with actions that do nothing. */
function inertProgram(): Command {
  const program = makeProgram(context, () => undefined);
  const disarm = (command: Command): void => {
    command.exitOverride();
    if (command.commands.length === 0) command.action(() => undefined);
    command.commands.forEach(disarm);
  };
  program.commands.forEach(disarm);
  return program;
}

const MARKED = /<!-- generated: (\S+) -->\n[^]*?<!-- end -->/g;

if (writing) {
  it('writes the lists and the pictures', { timeout: 300_000 }, async () => {
    const lists = generatedLists(inertProgram());
    for (const path of documents) {
      const text = read(path).replace(MARKED, (_, name: string) => block(name, lists[name] ?? ''));
      writeFileSync(join(root, path), text);
    }
    expect((await renderPictures(join(root, 'docs/pictures'))).length).toBeGreaterThan(0);
  });
}

function block(name: string, body: string): string {
  return `<!-- generated: ${name} -->\n\n${body}\n\n<!-- end -->`;
}

describe('the help of import', () => {
  it('names every reference', () => {
    const help =
      inertProgram()
        .commands.find((verb) => verb.name() === 'import')
        ?.helpInformation() ?? '';
    expect(references.filter(({ id }) => !help.includes(id))).toEqual([]);
  });
});

describe.skipIf(writing)('generated lists', () => {
  const lists = generatedLists(inertProgram());
  const marked = documents.flatMap((path) => [...read(path).matchAll(MARKED)].map((match) => [path, match] as const));

  it('are in the documents, each at least once', () => {
    const names = new Set(marked.map(([, match]) => match[1]));
    expect(Object.keys(lists).filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(marked.map(([path, match]) => [match[1] ?? '', path, match[0]] as const))(
    'of %s in %s is what the registry has (else: npm run docs)',
    (name, _, found) => {
      expect(found).toBe(block(name, lists[name] ?? ''));
    },
  );
});

/** The anchors that a Markdown file has, as GitHub makes them of its headings. */
function anchorsOf(text: string): string[] {
  return [...text.replace(/```[^]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.skipIf(writing)('links', () => {
  const links = documents.flatMap((path) => {
    const prose = read(path)
      .replace(/```[^]*?```/g, '')
      .replace(/`[^`\n]*`/g, '');
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => [path, match[1] ?? ''] as const);
  });

  it('are found', () => {
    expect(links.length).toBeGreaterThan(20);
  });

  it.each(links.filter(([, target]) => !/^https?:/.test(target)))('in %s to %s leads somewhere', (path, target) => {
    const [file = '', anchor] = target.split('#');
    const resolved = file === '' ? path : normalize(join(dirname(path), file));
    expect(existsSync(join(root, resolved)), resolved).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(read(resolved))).toContain(anchor);
  });

  it('to paths in backticks lead to files of this tree', () => {
    const paths = documents.flatMap((path) =>
      [...read(path).matchAll(/`((?:harness|reports|suites|test|docs)\/[\w./-]+)`/g)].map((match) => match[1] ?? ''),
    );
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !path.includes('NAME') && !existsSync(join(root, path)))).toEqual([]);
  });

  it('of the README reach every document', () => {
    const linked = links.filter(([path]) => path === 'README.md').map(([, target]) => target.replace(/#.*/, ''));
    expect(documents.filter((path) => path !== 'README.md' && !linked.includes(path))).toEqual([]);
  });
});

describe.skipIf(writing)('the cell of the README', () => {
  const [lines = ''] = /^```\n([^`]*mean over trials[^`]*)```/m.exec(read('README.md'))?.slice(1) ?? [];
  const parts = lines
    .trim()
    .split('\n')
    .flatMap((line) => line.split(/ {2,}/).slice(0, -1));
  const report = buildReport([demoRun({ profile: 'quick' })], { suites: [suite] });

  it('has eight lines, the last with two numbers', () => {
    expect(parts).toHaveLength(9);
  });

  it.each(parts)('has a part as reports print it: %s', async (part) => {
    const page = renderHtml(report, await loadAssets(), { linkBase: '..' });
    const spans = [...page.matchAll(/<span class="(?:main|sub)">([^<]*)<\/span>/g)];
    const texts = spans.map((match) => (match[1] ?? '').replaceAll('&#x3D;', '='));
    const pattern = part
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace('bench-probe', '\\S+')
      .replace('−', '−?')
      .replace(/\d+/g, '\\d+');
    expect(texts.filter((text) => new RegExp(`^${pattern}$`).test(text))).not.toEqual([]);
  });
});

/** The words of every `bench …` command of a document: lines of code blocks, and code in prose. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/```(?:sh|console)\n([^]*?)```/g)].flatMap((match) => (match[1] ?? '').split('\n'));
  const inline = [...text.replace(/```[^]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  return [...blocks, ...inline]
    .flatMap((line) => line.replace(/\s+#.*$/, '').split(/ && | \| /))
    .map((line) => line.replace(/^\$ /, '').trim())
    .filter((line) => /^bench [a-z-]/.test(line) && !line.includes('…'));
}

/** Upper-case words stand for what the reader puts there; optional parts are in brackets. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { N: '3', SECONDS: '5', SHARE: '2%', 'ID=LIMIT': 'skew=2' };
const words = (line: string): string[] =>
  line
    .replace(/[[\]]/g, '')
    .split(/\s+/)
    .slice(1)
    .map((word) => PLACEHOLDERS[word] ?? word.replace(/^'(.*)'$/, '$1'));

describe.skipIf(writing)('commands', () => {
  const commands = documents.flatMap((path) => commandsOf(read(path)).map((line) => [line, path] as const));

  it('are found', () => {
    expect(commands.length).toBeGreaterThan(30);
  });

  it.each(commands)('%s (%s) is one that the command line takes', async (line) => {
    await expect(parse(words(line))).resolves.toBe('taken');
  });

  it.each([['bench run --lmbench'], ['bench go'], ['bench report --format pdf'], ['bench lab sideways']])(
    '%s would be found out',
    async (line) => {
      await expect(parse(words(line))).rejects.toThrow();
    },
  );

  it.each(['suites', 'workloads', 'platforms', 'exhibits', 'gates'])('bench list %s prints something', async (what) => {
    const options = { hosts: 'hosts.example.json', json: false, runsDir: 'runs', verbose: false };
    await expect(list(context, options, what)).resolves.toBe(0);
  });

  it('npm run … are scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const used = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((m) => m[1] ?? ''),
    );
    expect(used.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('node … are files that parse', () => {
    const files = documents.flatMap((path) => [...read(path).matchAll(/node (\S+\.mjs)/g)].map((m) => m[1] ?? ''));
    const bad = files.filter((file) => spawnSync(process.execPath, ['--check', join(root, file)]).status !== 0);
    expect(bad).toEqual([]);
  });
});

/** The first cells of the tables whose first column is `message`: what is in backticks, where `…` stands for anything. */
function messagesOf(text: string): string[] {
  return text.split(/\n\n/).flatMap((part) => {
    const [head = '', , ...rows] = part.split('\n');
    if (!/^\| message /.test(head)) return [];
    return rows.flatMap((row) =>
      [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
    );
  });
}

/** Every line of the source from which a message may be printed. */
function sourceLines(): string[] {
  const files = ['harness', 'suites', 'reports'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return files.filter((file) => /\.(ts|mjs|c|sh)$/.test(file)).flatMap((file) => read(file).split('\n'));
}

describe.skipIf(writing)('messages', () => {
  const messages = messagesOf(read('docs/troubleshooting.md'));
  const lines = sourceLines();
  const isPrinted = (message: string): boolean => {
    const parts = message.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(parts.join('.*'));
    return lines.some((line) => pattern.test(line));
  };

  it('are found', () => {
    expect(messages.length).toBeGreaterThan(20);
  });

  it.each(messages)('%s is one that the code prints', (message) => {
    expect(isPrinted(message)).toBe(true);
  });

  it.each(['the host key of … is unknown', 'there is no hosts file … here'])('%s would be found out', (message) => {
    expect(isPrinted(message)).toBe(false);
  });
});

async function parse(line: readonly string[]): Promise<'taken'> {
  try {
    await inertProgram().parseAsync(['node', 'bench', ...line]);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'commander.helpDisplayed' && code !== 'commander.version') throw error;
  }
  return 'taken';
}
