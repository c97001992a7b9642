import { describe, expect, it, test } from 'vitest';
import {
  buildReport,
  exhibits as registered,
  loadAssets,
  referenceById,
  renderCsv,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderTerminal,
  type Report,
} from '../../reports/index.js';
import { claims } from '../../reports/claims/registry.js';
import { suites, workloads } from '../../suites/index.js';
import { figureSuites, paperRun } from './figure-scenes.js';
import { publicationRun } from './publications.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

// Figure 2 is made of the others.
const exhibits = registered.filter(({ kind }) => kind !== 'scatter');
const alone = buildReport([publicationRun('soltesz2007')], { suites, workloads, publishedOnly: true });
const measured = buildReport([paperRun(), demoRun({ id: 'run-demo' })], { suites: [suite, ...figureSuites] });
const reference = referenceById('soltesz2007');

describe('what the paper states', () => {
  it('has every printed value and every statement once, in its exhibit', () => {
    const { paper } = alone;
    expect(paper.exhibits.map(({ id }) => id)).toEqual(exhibits.map(({ id }) => id));
    const stated = paper.exhibits.flatMap(({ statements }) =>
      statements.map(({ metric, column, text }) => [metric, column, text]),
    );
    const wanted = (reference.statements ?? []).map(({ metric, column, text }) => [metric, column, text]);
    expect(stated.sort()).toEqual(wanted.sort());
    const values = paper.exhibits.flatMap((exhibit) =>
      exhibit.kind === 'table' ? exhibit.rows.map((row) => row.values.map(({ value }) => value)) : [],
    );
    expect(values).toEqual(Object.values(reference.tables).flatMap(({ rows }) => rows.map((row) => row.values)));
  });

  it('keeps kinds: a bound has one end, a value has two equal ones', () => {
    for (const { kind, low, high } of alone.paper.exhibits.flatMap(({ statements }) => statements)) {
      if (kind === 'value') expect(low).toBe(high);
      else expect([low, high].filter((end) => end === null)).toHaveLength(kind === 'bound' ? 1 : 0);
    }
  });

  it('has every claim with the verdict on the paper’s own numbers', () => {
    expect(alone.paper.claims.map(({ id }) => id).sort()).toEqual(claims.map(({ id }) => id).sort());
    expect(new Set(alone.paper.claims.map(({ measured: verdict }) => verdict))).toEqual(new Set([null]));
    for (const { id, paper } of alone.paper.claims) {
      expect(alone.claims.find((claim) => claim.id === id)?.paper).toEqual(paper);
    }
  });

  it('is the same whatever was measured, but for the measured verdicts', () => {
    const without = ({ paper }: Report): object => ({
      ...paper,
      claims: paper.claims.map((claim) => ({ ...claim, measured: null })),
    });
    expect(without(measured)).toEqual(without(alone));
    expect(without(buildReport([], { suites }))).toEqual(without(alone));
    const verdicts = measured.paper.claims.map(({ measured: verdict }) => verdict);
    expect(verdicts).toContain('reproduced');
    for (const { id, measured: verdict } of measured.paper.claims) {
      expect(verdict).toBe(measured.claims.find((claim) => claim.id === id)?.verdict ?? null);
    }
  });

  it('has no measured verdict on a claim of systems that only the paper has', () => {
    const mixed = buildReport([demoRun(), publicationRun('soltesz2007')], { suites, workloads });
    const xen = mixed.paper.claims.find(({ id }) => id === 't2-sh-xen-double');
    expect(xen).toMatchObject({ measured: null, paper: { verdict: 'reproduced' } });
  });

  it('is only of the exhibits that were requested', () => {
    const one = buildReport([], { suites, exhibits: ['table-3'] });
    expect(one.paper.exhibits.map(({ id }) => id)).toEqual(['table-3']);
    expect(one.paper.claims.every(({ exhibit }) => exhibit === 'table-3')).toBe(true);
  });
});

describe('a report of the paper alone', () => {
  test.each([
    ['text', (): string => renderTerminal(alone, { width: 120 })],
    ['Markdown', (): string => renderMarkdown(alone)],
  ])('as %s has values, statements with their kinds, and verdicts', (_, render) => {
    const text = render();
    for (const part of [
      '1893.30',
      '−9.49',
      '0.65 – 0.75',
      'range',
      'bound',
      'at least 70 %',
      'disagree',
      '4.3.1, p. ',
    ]) {
      expect(text.replaceAll('\\', '')).toContain(part);
    }
    expect(text).not.toMatch(/undefined|NaN|null|run-soltesz/);
  });

  it('as a page has each exhibit open, with a drawing of each figure and no table of trials', async () => {
    const html = renderHtml(alone, await loadAssets(), { linkBase: '..', version: '1', command: 'bench report' });
    for (const { id } of exhibits) expect(html).toContain(`<details class="exhibit" id="paper-${id}" open>`);
    expect(html.match(/<svg class="plot figure"/g)).toHaveLength(5);
    const shown = html.replace(/<style>[^<]*<\/style>/, '');
    expect(shown).not.toMatch(/Every trial|Not comparable with the paper|undefined|NaN/);
    expect(html).toContain('<a href="#paper-figure-8">Figure 8</a>');
    expect(html).toContain('60 % of the line rate');
  });

  it('as JSON and CSV has its cells', () => {
    expect(JSON.parse(renderJson(alone))).toEqual(alone);
    expect(renderCsv(alone)).toContain('table-2,lmbench/sh-process,xen3-up,value');
  });
});

test('a page of measurements has the section closed, with links to what was judged', async () => {
  const html = renderHtml(measured, await loadAssets(), { linkBase: '..' });
  expect(html).toContain('<details class="exhibit" id="paper-table-2">');
  expect(html).toContain('<a href="#claim-t2-sh-xen-double">');
  expect(html).toContain('<li id="claim-t2-sh-xen-double">');
  expect(html).toContain('<th scope="col">Measured</th>');
});
