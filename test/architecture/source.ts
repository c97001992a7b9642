import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from '@typescript/typescript6';

/** One import of a file: of types only (erased when it is compiled), or of values. */
export interface Import {
  /** A path in the tree as `harness/types.ts`, or a package or `node:` module as written. */
  readonly target: string;
  readonly typeOnly: boolean;
}

/** What the rules need to know of a source file; read by the compiler's own parser. */
export interface Source {
  /** Relative to the tree, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Clocks, random sources and the environment, as called: `Date.now`, `new Date()`, `process`. */
  readonly ambient: readonly string[];
  /** String literals, which the rule on ids looks at. */
  readonly strings: readonly string[];
}

/** Every TypeScript file below these folders of a tree; declarations of foreign modules (`.d.ts`) are left out. */
export function readTree(root: string, folders: readonly string[]): readonly Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => join(folder, name))
      .sort()
      .map((path) => readSource(path, readFileSync(join(root, path), 'utf8'))),
  );
}

/** Reads one file. Pure. */
export function readSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false);
  const imports: Import[] = [];
  const ambient: string[] = [];
  const strings: string[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteral(specifier)) {
      imports.push({ target: resolve(path, specifier.text), typeOnly });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeOnly(node.importClause));
      ambient.push(...randomNames(node));
      return;
    }
    if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
      return;
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) strings.push(node.text);
    const called = ambientOf(node);
    if (called !== undefined) ambient.push(called);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { path, lines: text.split('\n').length, imports, ambient, strings };
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return normalize(join(dirname(from), specifier)).replace(/\.js$/, '.ts');
}

/** `import type` as a whole, or of names that are all types; an import for its effects has no clause and is not. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

/** Random sources imported by name, as `randomUUID of node:crypto`; the rest of that module only computes. */
function randomNames({ importClause, moduleSpecifier }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  if (!ts.isStringLiteral(moduleSpecifier) || bindings === undefined || !ts.isNamedImports(bindings)) return [];
  if (!['node:crypto', 'crypto'].includes(moduleSpecifier.text) || isTypeOnly(importClause)) return [];
  return bindings.elements
    .map(({ name, propertyName }) => (propertyName ?? name).text)
    .filter((name) => /^(random|getRandom|generate|webcrypto)/.test(name))
    .map((name) => `${name} of node:crypto`);
}

const CALLS = ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'crypto.getRandomValues'];
const GLOBALS = ['process', 'globalThis', 'setTimeout', 'setInterval', 'fetch'];

function ambientOf(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments ?? []).length === 0) {
    return 'new Date()';
  }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const access = `${node.expression.text}.${node.name.text}`;
    if (CALLS.includes(access)) return access;
    if (GLOBALS.includes(node.expression.text)) return node.expression.text;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && GLOBALS.includes(node.expression.text)) {
    return node.expression.text;
  }
  return undefined;
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}
