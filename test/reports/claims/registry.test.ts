import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { exhibits, referenceById } from '../../../reports/index.js';
import { claimKind } from '../../../reports/claims/claims.js';
import { judgeByPaper, rangeOf } from '../../../reports/claims/paper.js';
import { quotationById, quotations, quotationSources } from '../../../reports/claims/quotations.js';
import { claims } from '../../../reports/claims/registry.js';
import type { Part } from '../../../reports/claims/check.js';
import { PUBLISHED_MARKS } from '../../../reports/reference/marks.js';
import { suites, workloads } from '../../../suites/index.js';

const STATEMENTS = referenceById('soltesz2007').statements ?? [];
const columns = referenceById('soltesz2007').configurations ?? [];
const metrics = new Set(
  [...suites, ...workloads].flatMap(({ id, metrics: own }) => Object.keys(own).map((name) => `${id}/${name}`)),
);
const parts = (id: string): readonly Part[] =>
  (claims.find((claim) => claim.id === id)?.checks ?? []).flatMap((check): readonly Part[] =>
    check.kind === 'greatest' ? check.parts : check.kind === 'majority-worse' ? [] : [check],
  );
const inventory = readFileSync(new URL('../../../docs/claims.md', import.meta.url), 'utf8');

describe('claims', () => {
  it('have ids of their own and an exhibit each', () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    const known = exhibits.map(({ id }): string => id);
    for (const { id, exhibit } of claims) expect(known, id).toContain(exhibit);
  });

  test.each(claims.map(({ id }) => [id]))('%s compares metrics of the registries on the paper’s systems', (id) => {
    for (const { column, metric, quantity } of parts(id)) {
      expect(columns).toContain(column);
      expect(metrics).toContain(metric);
      if ('to' in quantity) expect(columns).toContain(quantity.to);
    }
    const claim = claims.find((one) => one.id === id);
    expect(claim?.interpretation.length).toBeGreaterThan(40);
    for (const { band } of claim?.checks ?? []) expect(band.low).toBeLessThan(band.high);
  });

  it('quote sentences of the paper, and each quoted sentence is a claim or has a reason why it is none', () => {
    const used = new Set(claims.flatMap((claim) => [...claim.quotations]));
    for (const id of used) expect(quotationById(id).source).toBe('soltesz2007');
    for (const { id, why } of quotations) expect(why === undefined, id).toBe(used.has(id));
    expect(new Set(quotations.map(({ id }) => id)).size).toBe(quotations.length);
    for (const { source, page } of quotations) {
      expect(Object.keys(quotationSources)).toContain(source);
      if (source === 'soltesz2007') expect(page).toBeGreaterThan(274);
    }
    expect(() => quotationById('x')).toThrow('no quotation x');
  });

  it('are absolute only where they state values of the paper’s machine', () => {
    const absolute = claims.filter((claim) => claimKind(claim) === 'absolute').map(({ id }) => id);
    expect(absolute).toEqual([
      ...['t2-ctx-xen', 't2-mmap-per-mb'],
      ...['f5-linux-vserver-line-rate', 'f5-xen-up-60', 'f5-xen-smp-below-linux-up'],
    ]);
  });
});

describe('docs/claims.md', () => {
  it('has every claim and every quotation, and names no claim that is not there', () => {
    for (const { id } of claims) expect(inventory, id).toContain(`\`${id}\``);
    for (const { text } of quotations) expect(inventory.includes(text.replaceAll('|', '\\|')), text).toBe(true);
    const ids = new Set(claims.map(({ id }) => id));
    const named = [...inventory.matchAll(/`((?:t[23]|f[5-8][ab]?)-[a-z0-9-]+)`/g)].map((match) => match[1] ?? '');
    for (const id of named) expect(ids.has(id), id).toBe(true);
  });
});

describe('statements of the paper about its figures', () => {
  it('belong to a claim, quote one of its sentences, and agree with one of its bands', () => {
    expect(STATEMENTS.length).toBeGreaterThan(40);
    for (const { claim: id, quotation, column, stated, metric } of STATEMENTS) {
      const claim = claims.find((one) => one.id === id);
      expect(claim?.quotations, id).toContain(quotation);
      expect(metrics).toContain(metric);
      const bands = (claim?.checks ?? []).filter((check) => !('column' in check) || check.column === column);
      const { low, high } = rangeOf(stated);
      const touches = bands.some(({ band }) => low <= band.high && band.low <= high);
      expect(touches, `${id} ${column}`).toBe(true);
    }
  });

  it('have a position on the axis of their figure, with the system that they are relative to', () => {
    const at = (claim: string): unknown =>
      PUBLISHED_MARKS.filter((mark) => mark.claim === claim).map(({ low, high }) => [low, high]);
    expect(PUBLISHED_MARKS.filter(({ claim }) => claim === 'f6b-osdb-xen-smp')).toMatchObject([
      { low: 0.61, high: 0.61, to: 'Linux-SMP' },
    ]);
    expect(at('f6a-dbench-xen')).toEqual([
      [0.65, 0.75],
      [0.65, 0.75],
      [null, null],
    ]);
    expect(at('f8-xen-smp')).toEqual([[-1, -1]]);
    expect(at('f6a-dd-xen')).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});

describe('the paper’s own numbers', () => {
  const verdicts = Object.fromEntries(claims.map((claim) => [claim.id, judgeByPaper(claim).verdict]));

  it('give each claim its verdict', () => {
    expect(verdicts).toEqual({
      ...Object.fromEntries(claims.map(({ id }) => [id, 'not judged'])),
      't2-comparable': 'contradicted',
      't2-sh-49': 'contradicted',
      't2-approx-2x': 'contradicted',
      't2-xen-observable': 'reproduced',
      't2-fork-exec-sh-vserver': 'reproduced',
      't2-sh-xen-double': 'reproduced',
      't2-ctx-xen': 'reproduced',
      't2-ctx-vserver': 'contradicted',
      't2-mmap-per-mb': 'reproduced',
      'f5-vserver-network': 'inconclusive',
      'f5-xen-lags-40': 'inconclusive',
      'f6a-io-vserver-above-xen': 'inconclusive',
      'f6a-xen-50-longer': 'inconclusive',
      'f7-vserver-smp-above': 'inconclusive',
      'f7-up-to-2x': 'inconclusive',
      't3-vserver': 'reproduced',
      't3-xen': 'contradicted',
    });
  });

  test.each([
    ['t2-comparable', 'ctx (16p/64K), VServer-UP over Linux-UP: 1.127, expected 0.95 to 1.05'],
    ['t2-sh-49', '1.956, expected 1.466 to 1.514'],
    ['t2-approx-2x', 'ctx (16p/64K), Xen3-UP over VServer-UP: 1.58, expected 1.9 or more'],
    ['t3-xen', '9.49, expected 5.5 to 6.5'],
  ])('that disagree with %s are named', (id, why) => {
    const claim = claims.find((one) => one.id === id);
    expect(claim && judgeByPaper(claim).why).toContain(why);
  });

  it('of other sentences count, and the sentence itself does not', () => {
    const claim = claims.find(({ id }) => id === 'f7-xen-up-8');
    if (claim === undefined) throw new Error('no claim');
    expect(judgeByPaper(claim).verdict).toBe('not judged');
    expect(judgeByPaper({ ...claim, quotations: ['6-up-to-2x'] }).verdict).toBe('reproduced');
  });
});
