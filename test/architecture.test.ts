import { build, type Plugin } from 'esbuild';
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules, isBuiltin } from 'node:module';
import { basename, dirname } from 'node:path';
import { describe, test } from 'node:test';
import { browserConfig } from '../scripts/browser-config.ts';
import { allSuites } from '../scripts/suites.ts';
import { type Import, packageOf, readSource, readSourceFiles, type SourceFile } from './support/source-files.ts';

const ANYTHING = 'anything';

/** Folders, the inner before the outer, with the folders of ours that each may import besides itself. */
const MAY_IMPORT: Record<string, readonly string[] | typeof ANYTHING> = {
  'src/contract': [],
  'src/core': ['src/contract'],
  'src/client': ['src/contract'],
  'src/controllers': ['src/contract', 'src/core', 'src/client'],
  'src/components': ['src/contract', 'src/core', 'src/client', 'src/controllers', 'src/locales', 'widget/capture'],
  'src/locales': [],
  'src/index.ts': ['src/client', 'src/components'],
  'widget/capture': ['src/core', 'src/contract', 'widget'],
  widget: ['src/core', 'src/contract', 'widget/capture'],
  server: ['src/contract', 'src/core'],
  demo: [],
  scripts: ['demo/main.ts'],
  stories: ANYTHING,
  test: ANYTHING,
};

/** The packages that each folder may import; the others may import what their package.json declares. */
const MAY_USE: Record<string, readonly string[]> = {
  'src/contract': ['zod'],
  'src/core': [],
  'src/client': [],
  'src/controllers': ['lit', '@lit/context'],
  'src/components': ['lit', '@lit/context'],
  'src/locales': [],
  'src/index.ts': [],
  'widget/capture': [],
  widget: [],
};

/** Who reaches our packages by their public names, as a customer would. */
const PUBLIC_NAMES = ['millrace', '@millrace/server'];
const CUSTOMERS = ['demo', 'stories', 'test'];

const READS_ENVIRONMENT = /^(?:server\/main\.ts|demo\/main\.ts|scripts\/|test\/)/;

/** A schema in the browser brings the schema library with it: only where a form validates is it worth that. */
const VALIDATES_FORMS: readonly string[] = ['contact-form/contact-check', 'lead-form/lead-check'].map(
  (name) => `src/components/${name}.ts`,
);

const files = readSourceFiles();
const sources = [...files.values()];

const folderOf = (path: string) => Object.keys(MAY_IMPORT).find((folder) => path === folder || path.startsWith(`${folder}/`));
const isConfiguration = (path: string) => !path.includes('/');
const at = ({ path }: SourceFile, line: number) => `${path}:${line}`;

/** One line for each import that breaks a rule. */
function brokenBy(rule: (file: SourceFile, each: Import) => string | undefined) {
  return sources.flatMap((file) =>
    file.imports.flatMap((each) => {
      const broken = rule(file, each);
      return broken ? [`${at(file, each.line)} ${broken}`] : [];
    }),
  );
}

function none(broken: string[]) {
  assert.deepEqual(broken, []);
}

describe('The reader of imports', () => {
  const text = `
    import type { A } from './a.ts';
    import { type B } from '../b/b.ts';
    export * from './c.ts';
    export type { D } from './d.ts';
    type E = import('./e.ts').E;
    const f = await import('./f.ts');
    import 'lit';`;

  test('sees every way to import, and which of them leave nothing at run time', () => {
    const { imports } = readSource('x/y.ts', text);
    assert.deepEqual(
      imports.map(({ specifier, file, typeOnly }) => [file ?? specifier, typeOnly]),
      [
        ['x/a.ts', true],
        ['b/b.ts', false],
        ['x/c.ts', false],
        ['x/d.ts', true],
        ['x/e.ts', true],
        ['x/f.ts', false],
        ['lit', false],
      ],
    );
    assert.equal(imports.find(({ specifier }) => specifier === './c.ts')!.line, 4);
  });

  test('sees every way to read the environment', () => {
    for (const way of [
      'process.env.PORT',
      "process['env']",
      'globalThis.process.env',
      'const { env } = process',
      "import { env } from 'node:process'",
    ]) {
      assert.deepEqual(readSource('x.ts', `\n${way}`).environmentLines, [2], way);
    }
    assert.deepEqual(readSource('x.ts', 'import.meta.env; settings.env; const { env } = settings').environmentLines, []);
  });
});

describe('Imports', () => {
  test('lead from each folder only to those that it may know', () => {
    none(
      brokenBy(({ path }, { file }) => {
        if (!file || isConfiguration(path)) return undefined;
        const from = folderOf(path)!;
        const may = MAY_IMPORT[from]!;
        if (may === ANYTHING || folderOf(file) === from) return undefined;
        if (may.some((folder) => file === folder || file.startsWith(`${folder}/`))) return undefined;
        return `imports ${file}, but ${from} may import ${may.length > 0 ? `only ${may.join(', ')}` : 'nothing'} of ours besides itself`;
      }),
    );
  });

  test('name files that exist', () => {
    none(brokenBy((_, { file }) => (file && !existsSync(file) ? `imports ${file}, which is not there` : undefined)));
  });

  test('of the contract are types alone in what runs in a browser', () => {
    const inBrowser = /^(?:src\/(?!contract\/)|widget\/)/;
    none(
      brokenBy(({ path }, { file, typeOnly }) => {
        if (typeOnly || !file?.startsWith('src/contract/') || !inBrowser.test(path) || VALIDATES_FORMS.includes(path))
          return undefined;
        return `imports ${file} as a value, which brings the schemas into the browser: use import type`;
      }),
    );
  });

  test('never lead in a circle', () => {
    none(circles().map((circle) => circle.join(' → ')));
  });

  test('of packages are declared, and few in what runs in a browser', () => {
    const declared = (folder: string) => {
      const manifest = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as Record<string, Record<string, string>>;
      return Object.keys({ ...manifest.dependencies, ...(folder === '' ? manifest.devDependencies : {}) });
    };
    const [ours, servers] = [declared(''), declared('server/')];
    none(
      brokenBy(({ path }, { file, specifier, typeOnly }) => {
        if (file) return undefined;
        const folder = folderOf(path);
        const name = packageOf(specifier);
        if (PUBLIC_NAMES.includes(name)) {
          return CUSTOMERS.includes(folder ?? '')
            ? undefined
            : `imports ${specifier} by its public name, which is for those outside`;
        }
        const may = (!typeOnly && MAY_USE[folder ?? '']) || (folder === 'server' ? servers : [...ours, ...servers]);
        if (isBuiltin(specifier))
          return folder && folder in MAY_USE ? `imports ${specifier}, which browsers don't have` : undefined;
        return may.includes(name)
          ? undefined
          : `imports ${name}, but ${folder ?? 'the root'} may use ${may.join(', ') || 'no package'}`;
      }),
    );
  });

  test("reach another of the server's resources only through its service", () => {
    const resources = new Set(sources.map(({ path }) => path.match(/^(server\/[^/]+)\/[^/]+-routes\.ts$/)?.[1]).filter(Boolean));
    none(
      brokenBy(({ path }, { file }) => {
        if (!file || !resources.has(dirname(path)) || !resources.has(dirname(file))) return undefined;
        if (dirname(file) === dirname(path) || file.endsWith('-service.ts')) return undefined;
        return `imports ${file}: ${dirname(path)} may know of ${dirname(file)} only its service`;
      }),
    );
  });
});

describe('The server', () => {
  test('needs nothing of Node to make its app, so that it runs in a browser too', async () => {
    const reached: string[] = [];
    await build({
      entryPoints: ['server/app.ts'],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
      plugins: [recordBuiltIns(reached)],
    });
    none(reached);
  });

  test('reads the environment in one file', () => {
    none(
      sources.flatMap((file) =>
        READS_ENVIRONMENT.test(file.path)
          ? []
          : file.environmentLines.map((line) => `${at(file, line)} reads process.env: settings are handed in`),
      ),
    );
  });
});

describe('Files', () => {
  const all = globSync(['{src,widget,server,demo,scripts,stories,test}/**/*', '*.ts'], {
    exclude: ['**/node_modules', '**/dist', '**/*.md'],
  });
  const VAGUE = ['util', 'utils', 'helper', 'helpers', 'lib', 'libs', 'manager', 'common'];
  /** An element's documented name. */
  const NOT_VAGUE = ['custom-fields-manager'];

  test('belong to a folder of the house', () => {
    none(
      sources
        .filter(({ path }) => !isConfiguration(path) && !folderOf(path))
        .map(({ path }) => `${path}:1 lies in no folder of the house: see MAY_IMPORT`),
    );
  });

  test('and folders have names in kebab-case', () => {
    const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*$/;
    none(all.filter((path) => !KEBAB.test(basename(path))).map((path) => `${path}:1 is not named in kebab-case`));
  });

  test('and folders have names that say what is in them', () => {
    none(
      all
        .filter((path) => {
          const [stem = ''] = basename(path).split('.');
          return !NOT_VAGUE.includes(stem) && stem.split('-').some((word) => VAGUE.includes(word));
        })
        .map((path) => `${path}:1 has a name that says too little: no ${VAGUE.join(', ')}`),
    );
  });

  test('of the packages carry no suffix but define, events and styles', () => {
    const SUFFIXED = /^(?:src|widget|server)\/.*\/[^/.]+\.(?!(?:define|events|styles)\.)[^/.]+\.ts$/;
    none(
      all.filter((path) => SUFFIXED.test(path)).map((path) => `${path}:1 carries another suffix than define, events or styles`),
    );
  });

  test('with tests belong to a suite that npm test runs', () => {
    const patterns = [
      ...allSuites().flatMap(({ words }) => words.filter((word) => word.startsWith('test/'))),
      browserConfig.files,
    ].flat();
    const run = new Set(globSync(patterns.filter((pattern) => pattern !== undefined)));
    none(
      all
        .filter((path) => path.endsWith('.test.ts') && !run.has(path))
        .map((path) => `${path}:1 is run by no suite of scripts/suites.ts`),
    );
  });
});

for (const path of ['package-lock.json', ...globSync('test/package/*/package-lock.json')]) {
  describe(`The lock file ${path}`, () => {
    const text = readFileSync(path, 'utf8');
    const { packages } = JSON.parse(text) as { packages: Record<string, { optionalDependencies?: Record<string, string> }> };

    test('names no address of a registry', () => {
      assert.doesNotMatch(text, /"resolved": "http/);
    });

    test('holds the packages of every platform, without which npm refuses to install', () => {
      none(
        Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
          Object.keys(optionalDependencies)
            .filter((name) => !packages[`node_modules/${name}`] && !packages[`${place}/node_modules/${name}`])
            .map((name) => `${path}:1 lacks ${name}, which ${place} names: run npm run lock`),
        ),
      );
    });
  });
}

/** Every circle of imports, each once, beginning with the file that is first by name. */
function circles(): string[][] {
  const found = new Map<string, string[]>();
  const finished = new Set<string>();
  const walk = (path: string, trail: string[]) => {
    const seen = trail.indexOf(path);
    if (seen >= 0) {
      const circle = trail.slice(seen);
      const first = circle.indexOf(circle.toSorted()[0]!);
      const turned = [...circle.slice(first), ...circle.slice(0, first), circle[first]!];
      found.set(turned.join(), turned);
      return;
    }
    if (finished.has(path)) return;
    for (const { file } of files.get(path)?.imports ?? []) if (file) walk(file, [...trail, path]);
    finished.add(path);
  };
  for (const path of files.keys()) walk(path, []);
  return [...found.values()];
}

/** Notes who reaches which module of Node, unless a package gives browsers something in its place. */
function recordBuiltIns(reached: string[]): Plugin {
  const asked = Symbol('asked');
  return {
    name: 'record-built-ins',
    setup({ onResolve, resolve }) {
      onResolve({ filter: new RegExp(`^(?:node:.*|${builtinModules.join('|')})$`) }, async (args) => {
        const { path, importer, resolveDir, kind, pluginData } = args;
        if (pluginData === asked) return undefined;
        const inBrowser = await resolve(path, { importer, resolveDir, kind, pluginData: asked });
        if (inBrowser.errors.length === 0) return inBrowser;
        reached.push(`${importer.replace(`${process.cwd()}/`, '')} imports ${path}, which browsers don't have`);
        return { path, external: true };
      });
    },
  };
}
