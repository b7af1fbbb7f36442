import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { publint } from 'publint';
import type { Member } from '../scripts/analyzer.ts';
import { buildServer } from '../scripts/build.ts';
import { describeElements } from '../scripts/manifest.ts';
import { packPackage } from '../scripts/pack.ts';
import { binary } from '../scripts/suites.ts';
import { readTokens } from '../scripts/tokens.ts';
import * as contract from '../src/contract/index.ts';
import { packageOf, readSource } from './support/source-files.ts';

type Conditions = Record<'millrace-source' | 'types' | 'default', string>;
interface Manifest {
  exports: Record<string, Conditions | string>;
  files: string[];
  bin?: Record<string, string>;
  unpkg: string;
  customElements: string;
  'web-types': string;
  dependencies: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
}
interface ManifestModule {
  path: string;
  exports: { kind: string; name: string }[];
}

/** Entries that need their framework: `test/package` builds an app of each with them. */
const FOR_FRAMEWORKS = /^\.\/(?:react|jsx|vue|svelte|angular)\b/;

/** Types that need no import. */
const OF_THE_LANGUAGE = /^(?:Promise|Readonly|Record|Partial|HTML\w*Element|ValidityState)$/;

/** A project of somebody's that has both packages installed as npm would: what they publish, and nothing else of ours. */
const host = mkdtempSync(join(tmpdir(), 'millrace-host-'));
after(() => rmSync(host, { recursive: true, force: true }));

const packed = await packPackage();
after(() => rmSync(join(packed, '..'), { recursive: true, force: true }));

const ours = installed('millrace', '.', (folder) => unpack(packed, folder));
const servers = installed('@millrace/server', 'server', (folder) => {
  cpSync('server/package.json', join(folder, 'package.json'));
  buildServer(join(folder, 'dist'));
});
for (const name of ['lit', 'lit-element', 'lit-html', '@lit', 'zod', '@types', ...Object.keys(servers.manifest.dependencies)]) {
  const place = join(host, 'node_modules', name);
  if (existsSync(place)) continue;
  mkdirSync(join(place, '..'), { recursive: true });
  const folder = ['node_modules', 'server/node_modules'].find((one) => existsSync(join(one, name)))!;
  symlinkSync(join(process.cwd(), folder, name), place);
}
writeFileSync(join(host, 'package.json'), JSON.stringify({ type: 'module' }));

function installed(name: string, source: string, install: (folder: string) => void) {
  const folder = join(host, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  install(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === 'string' || FOR_FRAMEWORKS.test(path) ? [] : [{ path, name: `${name}${path.slice(1)}`, target }],
  );
  return { name, source, folder, manifest, entries };
}

function unpack(file: string, folder: string) {
  execFileSync('tar', ['--extract', '--gzip', '--file', file, '--strip-components', '1', '--directory', folder]);
}

/** Runs a program in the host's project with the running Node and none of our own conditions. */
function runInHost(program: string): unknown {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const words = ['--input-type=module', '--eval', program];
  return JSON.parse(execFileSync(process.execPath, words, { cwd: host, env, encoding: 'utf8' }));
}

/** Holds a module of the host's against the compiler. */
function assertCompiles(file: string, lenient: readonly string[] = []) {
  const lib = 'es2024,dom,dom.iterable,esnext.disposable';
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--lib', lib, '--types', 'node'];
  try {
    execFileSync(process.execPath, [binary('typescript', 'tsc'), ...options, ...lenient, file], { cwd: host, encoding: 'utf8' });
  } catch (error) {
    assert.fail(String((error as { stdout: string }).stdout));
  }
}

const components = globSync('src/components/*/*.define.ts').map((path) => path.split('/')[2]!);

for (const { name, source, folder, entries, manifest } of [ours, servers]) {
  describe(`The package ${name}`, () => {
    test('exports modules that are there, with their types, and the sources for our own builds', () => {
      for (const { path, target } of entries) {
        assert.deepEqual(Object.keys(target), ['millrace-source', 'types', 'default'], `${path}: the conditions in this order`);
        assert.ok(existsSync(join(source, target['millrace-source'])), `${path}: ${target['millrace-source']}`);
        assert.ok(existsSync(join(folder, target.types)), `${path}: ${target.types}`);
        assert.ok(existsSync(join(folder, target.default)), `${path}: ${target.default}`);
      }
      assert.ok(entries.length > 0);
    });

    test('names in its modules only files that are there and packages that it declares', () => {
      const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
      for (const path of globSync('dist/**/*.js', { cwd: folder })) {
        for (const { specifier, file } of readSource(join(folder, path), readFileSync(join(folder, path), 'utf8')).imports) {
          if (file) assert.ok(existsSync(file), `${path} imports ${specifier}`);
          else assert.ok(isBuiltin(specifier) || packageOf(specifier) in declared, `${path} imports ${specifier}`);
        }
      }
    });

    test('gives TypeScript its types, without a fault in any of them', () => {
      const imports = entries.map(
        ({ name: entry }, index) => `import * as entry${index} from '${entry}';\nvoid entry${index};\n`,
      );
      const file = join(host, `${source === '.' ? 'package' : source}.ts`);
      writeFileSync(file, imports.join(''));
      // The embedded database's types have faults of their own.
      assertCompiles(file, name === '@millrace/server' ? ['--skipLibCheck'] : []);
    });
  });
}

describe('The package millrace', () => {
  test('exports a class and its definition for every element', () => {
    assert.ok(components.length > 0);
    for (const component of components) {
      for (const path of [`./components/${component}`, `./components/${component}/define`]) {
        assert.ok(path in ours.manifest.exports, `${path} is missing from the exports of package.json`);
      }
    }
  });

  test('loads in plain Node, where there is neither a document nor a registry of elements', () => {
    const loads = ours.entries.map(({ name }) => [name, runInHost(`await import(${JSON.stringify(name)}); console.log('true')`)]);
    assert.deepEqual(Object.fromEntries(loads), Object.fromEntries(ours.entries.map(({ name }) => [name, true])));
  });

  test('registers no element unless a definition is asked for', () => {
    const entries = ours.entries
      .map(({ name }) => name)
      .toSorted((a, b) => Number(a.endsWith('/define')) - Number(b.endsWith('/define')));
    const registered = runInHost(`
      const tags = [];
      globalThis.customElements = { get: () => undefined, define: (tag) => tags.push(tag) };
      const registered = {};
      for (const entry of ${JSON.stringify(entries)}) {
        await import(entry);
        registered[entry] = tags.splice(0);
      }
      console.log(JSON.stringify(registered));`);
    const expected = entries.map((entry) => [entry, entry.endsWith('/define') ? [`mill-${entry.split('/').at(-2)}`] : []]);
    assert.deepEqual(registered, Object.fromEntries(expected));
  });

  test('depends on lit, its context and zod alone; a framework is the business of whoever has one', () => {
    assert.deepEqual(Object.keys(ours.manifest.dependencies), ['@lit/context', 'lit', 'zod']);
    assert.equal(ours.manifest.optionalDependencies, undefined);
    const { peerDependencies, peerDependenciesMeta } = ours.manifest;
    const optional = Object.keys(peerDependenciesMeta).filter((name) => peerDependenciesMeta[name]!.optional);
    assert.deepEqual(optional, Object.keys(peerDependencies));
  });

  test('holds what it exports and names, and nothing else that was built', () => {
    const { exports, unpkg, customElements, 'web-types': webTypes } = ours.manifest;
    const named = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? target : [target.types, target.default],
    );
    for (const path of [...named, unpkg, customElements, webTypes].filter((path) => !path.includes('*')))
      assert.ok(existsSync(join(ours.folder, path)), `${path} is not there`);
    const folders = globSync('dist/*/', { cwd: ours.folder }).map((path) => path.replaceAll('\\', '/'));
    assert.deepEqual(
      folders.toSorted(),
      ['angular', 'bundle', 'react', 'src', 'types', 'widget'].map((name) => `dist/${name}`),
    );
  });

  test('is found without fault by publint', async () => {
    const { messages } = await publint({ pkgDir: ours.folder, pack: false, strict: true });
    assert.deepEqual(messages, []);
  });

  test('has types that are found and right wherever it is imported as modules', async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(packed)));
    assert.ok(result.types);
    // CommonJS is not among what it is made for, nor is what reads no exports.
    const wanted = ['node16-esm', 'bundler'];
    const amongModules = result.problems.filter((one) => !('resolutionKind' in one) || wanted.includes(one.resolutionKind));
    assert.deepEqual(amongModules, []);
  });

  test('has a manifest of every element, whose modules register and export what it says', () => {
    const read = (path: string) => readFileSync(join(ours.folder, path), 'utf8');
    const { modules } = JSON.parse(read('dist/custom-elements.json')) as { modules: ManifestModule[] };
    const declared = modules.flatMap(({ path, exports }) => exports.map((each) => ({ ...each, path })));
    const tags = declared.filter(({ kind }) => kind === 'custom-element-definition').map(({ name }) => name);
    assert.deepEqual(tags, components.map((name) => `mill-${name}`).toSorted());
    for (const { kind, name, path } of declared) {
      if (kind === 'js')
        assert.match(read(path), new RegExp(`export (?:class|const|let) ${name}\\b|export \\{[^}]*\\b${name}\\b`), path);
      else assert.match(read(path), new RegExp(`define\\('${name}'`), path);
    }
  });

  test('tells of its elements only what is public', () => {
    for (const { tag, properties, methods, events } of describeElements()) {
      for (const { name } of [...properties, ...methods]) assert.doesNotMatch(name, /^[#_]/, tag);
      for (const { name, description } of events) assert.ok(name.startsWith('mill-') && description, `${tag} ${name}`);
    }
  });

  test('tells of all that its elements have what it is for and of which type', () => {
    for (const { tag, properties, methods, parts, slots } of describeElements()) {
      for (const { name, description } of [...properties, ...methods, ...parts, ...slots])
        assert.ok(description, `${tag} ${name} is not described`);
      for (const { name, type } of properties) assert.ok(type && type.text !== 'undefined', `${tag} ${name} has no type`);
      for (const { name, return: given } of methods) assert.ok(given, `${tag} ${name}() has no type`);
    }
  });

  test('lists every token that its styles read', () => {
    const styles = globSync('src/components/**/*.styles.ts').map((path) => readFileSync(path, 'utf8'));
    const read = new Set(styles.flatMap((text) => [...text.matchAll(/var\((--mill-[\w-]+)/g)].map(([, name]) => name!)));
    const tokens = readTokens();
    assert.deepEqual(tokens.map(({ name }) => name).toSorted(), [...read].toSorted());
    for (const { name, value } of tokens) {
      for (const [other] of value.matchAll(/--mill-[\w-]+/g))
        assert.ok(read.has(other), `${name} is made of ${other}, which is none`);
    }
  });

  test('exports every type that its elements are set or called with', () => {
    const typesOf = ({ type, parameters = [], return: given }: Member) =>
      [type, given?.type, ...parameters.map((each) => each.type)].map((each) => each?.text.replace(/'[^']*'/g, '') ?? '');
    const texts = describeElements().flatMap(({ properties, methods }) => [...properties, ...methods].flatMap(typesOf));
    const names = [...new Set(texts.flatMap((text) => text.match(/\b[A-Z]\w+/g) ?? []))].filter(
      (name) => !OF_THE_LANGUAGE.test(name),
    );
    assert.ok(names.includes('Lead') && names.includes('LeadOptions'));
    const entryOf = (name: string) => (name in contract ? 'millrace/contract' : 'millrace');
    const file = join(host, 'types-of-elements.ts');
    writeFileSync(file, names.map((name) => `export type { ${name} } from '${entryOf(name)}';\n`).join(''));
    assertCompiles(file, ['--skipLibCheck']);
  });

  test('gives a page without a bundler files whose hashes it names, and which need nothing else', () => {
    const folder = join(ours.folder, 'dist', 'bundle');
    const integrity = JSON.parse(readFileSync(join(folder, 'integrity.json'), 'utf8')) as Record<string, string>;
    const files = globSync('**/*.js', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
    assert.deepEqual(Object.keys(integrity).toSorted(), files.toSorted());
    for (const component of components) assert.ok(`${component}.js` in integrity, component);
    for (const path of files) {
      const code = readFileSync(join(folder, path), 'utf8');
      assert.equal(integrity[path], `sha384-${createHash('sha384').update(code).digest('base64')}`, path);
      for (const { specifier, file } of readSource(join(folder, path), code).imports)
        assert.ok(file && existsSync(file), `${path} imports ${specifier}`);
    }
  });

  test('gives a client that brings no schema library, nor anything else that is not ours', async () => {
    const { metafile } = await build({
      stdin: { contents: "export * from 'millrace/client'", resolveDir: host },
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      absWorkingDir: host,
    });
    const brought = Object.keys(metafile.inputs).filter((path) => path !== '<stdin>');
    assert.deepEqual(
      brought.filter((path) => !path.startsWith('node_modules/millrace/dist/src/client/')),
      [],
    );
    assert.ok(brought.length > 0);
  });
});

describe('The package @millrace/server', () => {
  test('loads in plain Node, with its migrations and its command', () => {
    assert.deepEqual(runInHost("await import('@millrace/server'); console.log('true')"), true);
    const migrations = globSync('server/**/*.sql', { exclude: ['server/dist'] });
    assert.ok(migrations.length > 0);
    for (const file of migrations) assert.ok(existsSync(join(servers.folder, 'dist', file)), file);
    const command = readFileSync(join(servers.folder, servers.manifest.bin!['millrace-server']!), 'utf8');
    assert.match(command, /^#!\/usr\/bin\/env node\n/);
  });
});
