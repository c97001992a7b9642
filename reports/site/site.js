// The script of the search and of the comparison picker. Plain browser JavaScript: it is copied into the site as it is.
// Without it the pages have lists. All text goes into the page as text, never as markup.
'use strict';

/** P(T <= t) of Student's distribution, by the incomplete beta function (continued fraction of Lentz). */
function studentCdf(t, freedom) {
  const x = freedom / (freedom + t * t);
  const tail = 0.5 * incompleteBeta(x, freedom / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

function incompleteBeta(x, a, b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let sum = d;
  for (let m = 1; m < 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    sum *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    sum *= c * d;
    if (Math.abs(c * d - 1) < 1e-12) break;
  }
  return (front * sum) / a;
}

function nonZero(value) {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** Lanczos, g = 7, n = 9. */
function logGamma(z) {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const x = z - 1;
  const t = x + 7.5;
  const sum = terms.reduce((all, term, index) => all + term / (x + index + 1), 0.9999999999998099);
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The two-sided 95 % quantile, by halves. */
function studentQuantile(freedom) {
  let [low, high] = [0, 1e4];
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < 0.975) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** B over A with its interval and p value: the arithmetic of `changesBetween`. */
function compareValues(a, b) {
  const [sa, sb] = [a.error ** 2, b.error ** 2];
  const error = Math.sqrt(sa + sb);
  const freedom = (sa + sb) ** 2 / (sa ** 2 / a.freedom + sb ** 2 / b.freedom);
  const ratio = b.mean / a.mean;
  const half = studentQuantile(freedom) * error;
  const p = Math.min(1, 2 * studentCdf(-Math.abs(Math.log(ratio)) / error, freedom));
  return { ratio, low: ratio * Math.exp(-half), high: ratio * Math.exp(half), p };
}

/** Holm's adjustment. */
function holm(values) {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const adjusted = [];
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, values[index] * (values.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}

/** Rows of two runs, those that differ first, then by the size of the ratio. */
function compareRuns(before, after) {
  const keyOf = (run, value) => `${run.systems[value.system].key} ${value.metric}`;
  const usable = ({ error, freedom, mean }) => error > 0 && freedom > 0 && mean > 0;
  const known = new Map(before.values.map((value) => [keyOf(before, value), value]));
  const rows = after.values.flatMap((value) => {
    const base = known.get(keyOf(after, value));
    if (base === undefined || !usable(base) || !usable(value)) return [];
    return [{ value, system: after.systems[value.system].label, ...compareValues(base, value) }];
  });
  const adjusted = holm(rows.map(({ p }) => p));
  const size = ({ ratio }) => Math.abs(Math.log(ratio));
  return rows
    .map((row, index) => ({ ...row, p: adjusted[index], changed: adjusted[index] <= 0.05 }))
    .sort((a, b) => Number(b.changed) - Number(a.changed) || size(b) - size(a));
}

/** Entries with all words of a query: first those whose title begins with it, then whose title has it. */
function find(entries, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const rank = (title) => (title.startsWith(words[0]) ? 0 : title.includes(words[0]) ? 1 : 2);
  return entries
    .map((entry, index) => ({
      entry,
      index,
      title: entry[1].toLowerCase(),
      text: `${entry[0]} ${entry[1]} ${entry[3]}`.toLowerCase(),
    }))
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .sort((a, b) => rank(a.title) - rank(b.title) || a.index - b.index)
    .map(({ entry }) => entry);
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function link(url, text) {
  const made = element('a', '', text);
  made.href = url;
  return made;
}

/** Loads a script of this folder, which calls `name` with its data. */
function load(url, name) {
  return new Promise((resolve, reject) => {
    globalThis[name] = resolve;
    const script = document.createElement('script');
    script.src = url;
    script.onerror = () => reject(new Error(`${url} cannot be read`));
    document.head.append(script);
  });
}

function startSearch(entries) {
  const input = document.getElementById('query');
  const [found, count, all] = ['found', 'count', 'everything'].map((id) => document.getElementById(id));
  const show = () => {
    const query = input.value.trim();
    const results = find(entries, query);
    found.replaceChildren(
      ...results
        .slice(0, 50)
        .map(([kind, title, url, words]) =>
          element('li', '', element('span', 'kind', kind), ' ', link(url, title), ' ', element('span', 'where', words)),
        ),
    );
    found.hidden = query === '';
    all.hidden = query !== '';
    count.textContent =
      query === '' ? '' : results.length > 50 ? `the first 50 of ${results.length}` : `${results.length} found`;
    history.replaceState(null, '', query === '' ? '#' : `#${encodeURIComponent(query)}`);
  };
  document.querySelector('form.search').hidden = false;
  document.querySelector('form.search').addEventListener('submit', (event) => event.preventDefault());
  input.value = decodeURIComponent(location.hash.slice(1));
  input.addEventListener('input', show);
  show();
}

function directionOf({ changed, ratio, value }) {
  if (!changed) return 'no difference';
  if (['s', 'us', 'ns'].includes(value.unit)) return ratio > 1 ? 'slower' : 'faster';
  return ratio > 1 === (value.better === 'higher') ? 'better' : 'worse';
}

function comparedRow(row) {
  const verdict = directionOf(row);
  const good = row.ratio > 1 === (row.value.better === 'higher');
  const chip = row.changed ? element('span', `chip verdict-${good ? 'reproduced' : 'contradicted'}`, verdict) : verdict;
  const cells = [
    element('td', '', row.system),
    element('td', '', chip),
    element('td', 'number', row.ratio.toFixed(3)),
    element('td', 'number', `${row.low.toFixed(3)} – ${row.high.toFixed(3)}`),
    element('td', 'number', row.p < 0.001 ? '< 0.001' : row.p.toFixed(3)),
  ];
  const head = element('th', '', row.value.label, ' ', element('span', 'where', row.value.metric));
  head.scope = 'row';
  return element('tr', '', head, ...cells);
}

async function showComparison(before, after, place) {
  const [a, b] = [await load(before[4], 'benchRun'), await load(after[4], 'benchRun')];
  const rows = compareRuns(a, b);
  const changed = rows.filter((row) => row.changed).length;
  const text =
    rows.length === 0
      ? 'These runs have no metric of the same system in common that can be compared. '
      : `${changed} of ${rows.length} metrics differ, adjusted for their number. `;
  const links = [link(before[2], before[1]), ' → ', link(after[2], after[1])];
  const summary = element('p', rows.length === 0 ? 'notice' : 'fair', text, ...links);
  const heads = ['Metric', 'System', 'After is', 'After / before', '95 %', 'p (Holm)'].map((text, at) => {
    const head = element('th', at > 2 ? 'number' : '', text);
    head.scope = 'col';
    return head;
  });
  const table = element(
    'table',
    'plain',
    element('thead', '', element('tr', '', ...heads)),
    element('tbody', '', ...rows.map(comparedRow)),
  );
  const region = element('div', 'scroll', table);
  region.tabIndex = 0;
  region.setAttribute('role', 'region');
  region.setAttribute('aria-label', 'Comparison');
  place.replaceChildren(summary, ...(rows.length === 0 ? [] : [element('p', 'notes', place.dataset.method), region]));
}

function startPicker(entries) {
  const runs = entries.filter(([kind]) => kind === 'run');
  const place = document.getElementById('compared');
  const selects = ['run-a', 'run-b'].map((id) => document.getElementById(id));
  for (const select of selects) select.append(...runs.map(([, title]) => new Option(title, title)));
  const wanted = new URLSearchParams(location.hash.slice(1));
  const newest = runs.find((run) => run[5]) ?? runs[0];
  const names = [wanted.get('a') ?? newest?.[5], wanted.get('b') ?? newest?.[1]];
  for (const [at, select] of selects.entries()) if (names[at]) select.value = names[at];
  const show = () => {
    const [a, b] = selects.map((select) => runs.find(([, title]) => title === select.value));
    if (!a || !b) return;
    history.replaceState(null, '', `#${new URLSearchParams({ a: a[1], b: b[1] })}`);
    showComparison(a, b, place).catch((error) => place.replaceChildren(element('p', 'notice', error.message)));
  };
  for (const select of selects) select.addEventListener('change', show);
  document.querySelector('form.picker').hidden = false;
  show();
}

if (typeof document !== 'undefined') {
  const start = document.querySelector('form.search') ? startSearch : startPicker;
  load('assets/index.js', 'benchIndex').then(start, () => undefined);
}
