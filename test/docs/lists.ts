import type { Command } from 'commander';
import { z } from 'zod';
import type { ExhibitChoice } from '../../harness/cli/select.js';
import { hostsFileSchema } from '../../harness/config/schema.js';
import { controls } from '../../harness/host/controls/index.js';
import { platforms } from '../../harness/platforms/index.js';
import { formatLimit, gates } from '../../harness/run/gates/index.js';
import { exhibits as registered } from '../../reports/exhibits/index.js';
import type { Suite } from '../../harness/types.js';
import { describeCheck, formatBand } from '../../reports/claims/wording.js';
import { judgeByPaper } from '../../reports/claims/paper.js';
import { quotationById, quotations, quotationSources } from '../../reports/claims/quotations.js';
import { claims } from '../../reports/claims/registry.js';
import { suites, workloads } from '../../suites/index.js';

const exhibits: readonly ExhibitChoice[] = registered;

/** The lists of the documents that come from the registries, in Markdown, by the name in their marker. */
export function generatedLists(program: Command): Readonly<Record<string, string>> {
  return {
    verbs: table(['verb', 'does'], verbs(program)),
    suites: table(
      ['suite', 'measures', 'metrics', 'exhibits'],
      suites.map(({ id, title, metrics }) => [code(id), title, String(Object.keys(metrics).length), exhibitsOf(id)]),
    ),
    'suite-details': suites.map(describeSuite).join('\n\n'),
    workloads: table(
      ['workload', 'measures', 'exhibits'],
      workloads.map(({ id, title }) => [code(id), title, exhibitsOf(id)]),
    ),
    platforms: table(
      ['platform', 'system', 'boundary', 'limits that it enforces'],
      platforms.map(({ id, label, boundary, enforces }) => [code(id), label, boundary, enforces.join(', ')]),
    ),
    gates: table(
      ['gate', 'void', 'on shared machines'],
      gates.map(({ id, limit, voids, scope, unit }) => [
        code(id),
        `${voids} ${formatLimit(limit, unit)}`,
        scope === 'machine' ? 'noted' : 'void',
      ]),
    ),
    'gate-details': gates.map(({ id, about }) => `- ${code(id)}: ${about}`).join('\n'),
    controls: table(
      ['control', 'sets', 'default', 'other values'],
      controls.map((control) => [
        code(control.id),
        control.label,
        code(JSON.stringify(control.standard)),
        valuesOf(control),
      ]),
    ),
    'host-members': membersOf(entryOf('hosts')),
    'target-members': membersOf(entryOf('targets')),
    'shape-members': membersOf(entryOf('targets').properties?.['shape']),
    'boot-members': membersOf(valueOf(entryOf('hosts').properties?.['boots'])),
    claims: claims.map(claimText).join('\n\n'),
    quotations: Object.entries(quotationSources)
      .map(([source, title]) => `### ${title}\n\n${quotationTable(source)}`)
      .join('\n\n'),
    exhibits: table(
      ['exhibit', 'shows', 'suites and workloads'],
      exhibits.map(({ id, title, suites: own, workloads: several = [] }) => [
        code(id),
        title,
        [...own, ...several].map(code).join(', '),
      ]),
    ),
  };
}

type Schema = z.core.JSONSchema.BaseSchema;
type Member = boolean | Schema | undefined;

/** What the values of an object with any names must be. */
function valueOf(schema: Member): Schema {
  const values = typeof schema === 'object' ? schema.additionalProperties : undefined;
  return typeof values === 'object' ? values : {};
}

/** The JSON Schema of a host or target of a hosts file. */
function entryOf(group: 'hosts' | 'targets'): Schema {
  return valueOf(z.toJSONSchema(hostsFileSchema, { io: 'input' }).properties?.[group]);
}

/** The members of an object of a hosts file, as its schema describes them. */
function membersOf(schema: Member): string {
  const { properties = {}, required = [] }: Schema = typeof schema === 'object' ? schema : {};
  const rows = Object.entries(properties).map(([name, member]) => {
    const description = (typeof member === 'object' ? member.description : undefined) ?? '';
    return [code(name), required.includes(name) ? `Required. ${description}` : description];
  });
  return table(['member', 'meaning'], rows);
}

/** What a control expects, as a hosts file with another value is answered. */
function valuesOf({ schema }: (typeof controls)[number]): string {
  return schema.safeParse({ none: true }).error?.issues[0]?.message ?? '';
}

/** A section of `docs/suites.md`. */
function describeSuite({ id, title, version, about, caches, needs, metrics }: Suite): string {
  const shown = exhibitsOf(id);
  const lines = [
    `- Caches: ${caches}`,
    `- Debian packages: ${needs.packages.length === 0 ? 'none' : needs.packages.map(code).join(', ')}`,
    ...(shown === '' ? [] : [`- Exhibits: ${shown}`]),
    `- Metrics: ${metricsOf(metrics)}`,
  ];
  return [`### ${id}`, `${title}, version ${version}. ${about}`, lines.join('\n')].join('\n\n');
}

/** Names of a few metrics, or how many there are. */
function metricsOf(metrics: Suite['metrics']): string {
  const names = Object.keys(metrics);
  return names.length > 12 ? String(names.length) : names.map(code).join(', ');
}

function claimText(claim: (typeof claims)[number]): string {
  const { id, exhibit, interpretation, checks } = claim;
  const sentences = claim.quotations.map((quoted) => {
    const { text, section, page } = quotationById(quoted);
    return `> ${text} (section ${section}, page ${page ?? '?'})`;
  });
  const paper = judgeByPaper(claim);
  const rules = checks.map((check) => `- ${describeCheck(check)}: ${formatBand(check.band)}`);
  return [
    `### ${code(id)}`,
    sentences.join('\n>\n'),
    `Shown below ${code(exhibit)}. ${interpretation}`,
    rules.join('\n'),
    `The paper's own numbers: ${paper.verdict}${paper.verdict === 'not judged' ? '' : `; ${paper.why}`}.`,
  ].join('\n\n');
}

function quotationTable(source: string): string {
  const rows = quotations
    .filter((quotation) => quotation.source === source)
    .map(({ id, section, page, text, why }) => {
      const own = claims.filter((claim) => claim.quotations.includes(id)).map((claim) => code(claim.id));
      return [page === null ? section : `${section}, p. ${page}`, text, why ?? own.join(', ')];
    });
  return table(['where', 'sentence', 'claim, or why none'], rows);
}

function verbs(program: Command): string[][] {
  const leaves = program
    .createHelp()
    .visibleCommands(program)
    .flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
  return leaves.map((command) => [code(usageOf(command)), command.description()]);
}

/** A command with what it cannot do without: `bench show RUN`. */
function usageOf(command: Command): string {
  const operands = command.registeredArguments
    .filter(({ required }) => required)
    .map((each) => each.name().toUpperCase());
  const parent = command.parent?.parent === null ? [] : [command.parent?.name() ?? ''];
  return ['bench', ...parent, command.name(), ...operands].join(' ');
}

function exhibitsOf(id: string): string {
  const shown = exhibits.filter(({ suites: own, workloads: several = [] }) =>
    [...own, ...several].some((each) => each === id),
  );
  return shown.map((exhibit) => code(exhibit.id)).join(', ');
}

const code = (text: string): string => `\`${text}\``;

/** A table as prettier writes it: columns padded to the widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...rest] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}
