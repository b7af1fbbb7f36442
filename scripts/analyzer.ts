import type { AnalyzePhaseParams } from '@custom-elements-manifest/analyzer';

/** The compiler's API of the version that the analyzer brings; the project's own TypeScript has none. */
export type TypeScript = AnalyzePhaseParams['ts'];
export type SourceFile = ReturnType<TypeScript['createSourceFile']>;

interface Analyzer {
  ts: TypeScript;
  create(options: { modules: SourceFile[]; plugins: unknown[]; context: object }): { modules: AnalyzedModule[] };
}

export interface AnalyzedModule {
  path: string;
  declarations: AnalyzedClass[];
}

/** A class as the analyzer sees it, with all that it inherits. */
export interface AnalyzedClass {
  kind: string;
  name: string;
  tagName?: string;
  description?: string;
  attributes?: Described[];
  members?: Member[];
  events?: Described[];
  slots?: Described[];
  cssParts?: Described[];
  cssProperties?: Described[];
}

/** Anything with a name, and what is said of it. */
export interface Described {
  name: string;
  description?: string;
  default?: string;
  type?: { text: string };
}

/** A field or a method of a class. */
export interface Member extends Described {
  kind: 'field' | 'method';
  privacy?: 'public' | 'protected' | 'private';
  static?: boolean;
  readonly?: boolean;
  attribute?: string;
  parameters?: Described[];
  return?: { type: { text: string } };
}

// The package's types leave out what it exports.
const { create, ts } = (await import('@custom-elements-manifest/analyzer' as string)) as Analyzer;
const { litPlugin } = (await import(
  '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js' as string
)) as { litPlugin(): unknown[] };

export { ts };

/** Every class of these modules, with the module that it stands in. */
export function analyze(modules: SourceFile[]): (AnalyzedClass & { path: string })[] {
  const { modules: analyzed } = create({ modules, plugins: litPlugin(), context: { dev: false } });
  return analyzed.flatMap(({ path, declarations }) =>
    declarations.filter(({ kind }) => kind === 'class').map((declaration) => ({ ...declaration, path })),
  );
}
