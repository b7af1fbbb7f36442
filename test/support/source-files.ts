import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { type ESTree, parseSync, Visitor } from 'vite';

/** One place where a file names another module. */
export interface Import {
  /** As it is written: `./lead.ts`, `lit`, `node:fs`. */
  specifier: string;
  /** The file it means, where it is one of ours named by its place. */
  file: string | undefined;
  /** Whether nothing of it is left at run time. */
  typeOnly: boolean;
  line: number;
}

/** What the architecture's rules look at in a file. */
export interface SourceFile {
  path: string;
  imports: Import[];
  /** The lines in which `process.env` is read. */
  environmentLines: number[];
}

/** Every TypeScript file of the repository, by its path from the root; the apps that test the package are projects of their own. */
export function readSourceFiles(): Map<string, SourceFile> {
  const paths = globSync(['{src,widget,server,demo,scripts,stories,test}/**/*.ts', '*.ts'], {
    exclude: ['**/node_modules', '**/dist', 'test/package/*/**'],
  });
  return new Map(paths.toSorted().map((path) => [path, readSource(path, readFileSync(path, 'utf8'))]));
}

/** What stands in one file. */
export function readSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} can't be read: ${errors[0]!.message}`);

  const imports: Import[] = [];
  const environmentLines: number[] = [];
  const lineOf = ({ start }: ESTree.Span) => text.slice(0, start).split('\n').length;
  const found = (node: ESTree.Span, source: ESTree.Node | null, typeOnly: boolean) => {
    if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
    const specifier = source.value;
    const file = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    imports.push({ specifier, file, typeOnly, line: lineOf(node) });
  };
  new Visitor({
    ImportDeclaration: (node) => found(node, node.source, node.importKind === 'type'),
    ExportAllDeclaration: (node) => found(node, node.source, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => found(node, node.source, node.exportKind === 'type'),
    ImportExpression: (node) => found(node, node.source, false),
    TSImportType: (node) => found(node, node.source, true),
    MemberExpression: (node) => {
      if (isNamed(node.object, 'process') && isNamed(node.property, 'env')) environmentLines.push(lineOf(node));
    },
    VariableDeclarator: (node) => {
      const names = node.id.type === 'ObjectPattern' ? node.id.properties : [];
      const takesEnv = names.some((each) => each.type === 'Property' && isNamed(each.key, 'env'));
      if (node.init && isNamed(node.init, 'process') && takesEnv) environmentLines.push(lineOf(node));
    },
    ImportSpecifier: (node) => {
      if (isNamed(node.imported, 'env') && /'(?:node:)?process'/.test(text)) environmentLines.push(lineOf(node));
    },
  }).visit(program);
  return { path, imports, environmentLines };
}

/** The package that a specifier names: `@lit/context` for `@lit/context/index.js`. */
export function packageOf(specifier: string) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isNamed(node: ESTree.Node, name: string): boolean {
  if (node.type === 'Identifier') return node.name === name;
  if (node.type === 'Literal') return node.value === name;
  return node.type === 'MemberExpression' && isNamed(node.object, 'globalThis') && isNamed(node.property, name);
}
