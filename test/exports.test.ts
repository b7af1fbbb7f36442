import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { buildPackage, buildServer } from '../scripts/build.ts';
import { binary } from '../scripts/suites.ts';
import { packageOf, readSource } from './support/source-files.ts';

type Conditions = Record<'millrace-source' | 'types' | 'default', string>;
interface Manifest {
  exports: Record<string, Conditions | string>;
  files: string[];
  bin?: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** A project of somebody's that has both packages installed as npm would: what they publish, and nothing else of ours. */
const host = mkdtempSync(join(tmpdir(), 'millrace-host-'));
after(() => rmSync(host, { recursive: true, force: true }));

const ours = installed('millrace', '.', (folder) => buildPackage(join(folder, 'dist')));
const servers = installed('@millrace/server', 'server', (folder) => buildServer(join(folder, 'dist')));
for (const name of ['lit', 'lit-element', 'lit-html', '@lit', 'zod', '@types', ...Object.keys(servers.manifest.dependencies)]) {
  const place = join(host, 'node_modules', name);
  if (existsSync(place)) continue;
  mkdirSync(join(place, '..'), { recursive: true });
  const folder = ['node_modules', 'server/node_modules'].find((one) => existsSync(join(one, name)))!;
  symlinkSync(join(process.cwd(), folder, name), place);
}
writeFileSync(join(host, 'package.json'), JSON.stringify({ type: 'module' }));

function installed(name: string, source: string, emit: (folder: string) => void) {
  const folder = join(host, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(source, 'package.json'), join(folder, 'package.json'));
  emit(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [{ path, name: `${name}${path.slice(1)}`, target }],
  );
  return { name, source, folder, manifest, entries };
}

/** Runs a program in the host's project with the running Node and none of our own conditions. */
function runInHost(program: string): unknown {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const words = ['--input-type=module', '--eval', program];
  return JSON.parse(execFileSync(process.execPath, words, { cwd: host, env, encoding: 'utf8' }));
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
      for (const path of globSync('dist/**/*.js', { cwd: folder })) {
        for (const { specifier, file } of readSource(join(folder, path), readFileSync(join(folder, path), 'utf8')).imports) {
          if (file) assert.ok(existsSync(file), `${path} imports ${specifier}`);
          else assert.ok(isBuiltin(specifier) || packageOf(specifier) in manifest.dependencies, `${path} imports ${specifier}`);
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
      const lenient = name === '@millrace/server' ? ['--skipLibCheck'] : [];
      const options = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--lib',
        'es2024,dom,dom.iterable,esnext.disposable',
      ];
      try {
        execFileSync(process.execPath, [binary('typescript', 'tsc'), ...options, ...lenient, '--types', 'node', file], {
          cwd: host,
          encoding: 'utf8',
        });
      } catch (error) {
        assert.fail(String((error as { stdout: string }).stdout));
      }
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

  test('loads in plain Node, where there is no document, and registers no element unless a definition is asked for', () => {
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

  test('depends on lit and zod alone', () => {
    assert.deepEqual(Object.keys(ours.manifest.dependencies), ['lit', 'zod']);
    assert.equal(ours.manifest.optionalDependencies, undefined);
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
