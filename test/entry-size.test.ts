import { build, type Metafile } from 'esbuild';
import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { buildPackage } from '../scripts/build.ts';
import { titleOf } from '../scripts/element-types.ts';
import { describeElements } from '../scripts/manifest.ts';

/**
 * What each entry of the package comes to in a browser, with Lit and all else that it needs at once; in bytes, minified and
 * compressed by brotli. What is loaded later is not in it. An entry that grows beyond its number needs a reason.
 */
const MOST: Record<string, number> = {
  '.': 60_500,
  './client': 4_500,
  './contract': 33_000,
  './components/capture': 14_500,
  './components/capture/define': 14_500,
  './components/contact-form': 43_750,
  './components/contact-form/define': 43_750,
  './components/contact-table': 25_750,
  './components/contact-table/define': 25_750,
  './components/lead-form': 47_750,
  './components/lead-form/define': 47_750,
  './components/lead-table': 26_500,
  './components/lead-table/define': 26_500,
  './components/provider': 23_000,
  './components/provider/define': 23_000,
};

/** The entries that are made for frameworks, with every element and without the framework. */
const MOST_WRAPPED: Record<string, number> = {
  './react': 74_250,
  './angular': 74_500,
};

/** What taking one element from such an entry may add to the element itself. */
const MOST_FOR_WRAPPING = 750;

/** What a page without a bundler loads at once by each file of the bundle. */
const MOST_BUNDLED: Record<string, number> = {
  'capture.js': 14_500,
  'contact-form.js': 50_250,
  'contact-table.js': 30_000,
  'lead-form.js': 54_750,
  'lead-table.js': 31_250,
  'millrace.js': 86_000,
  'provider.js': 24_750,
};

/** Entries that hold types alone. */
const OF_TYPES = ['./jsx', './svelte', './vue'];

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { 'millrace-source'?: string }>;
};
const modules = Object.entries(exports).flatMap(([path, target]) => (typeof target === 'string' ? [] : [{ path, target }]));
const entries = modules.flatMap(({ path, target: { 'millrace-source': source } }) => (source ? [{ path, source }] : []));
const elements = describeElements();

/** An app of somebody's that has the package as it is built, and its frameworks from elsewhere. */
const app = mkdtempSync(join(tmpdir(), 'millrace-sizes-'));
after(() => rmSync(app, { recursive: true, force: true }));
const installed = join(app, 'node_modules', 'millrace');
mkdirSync(installed, { recursive: true });
cpSync('package.json', join(installed, 'package.json'));
await buildPackage(join(installed, 'dist'));

/** What one module comes to, with all that it needs at once. */
async function sizeOf(source: string, folder = process.cwd()): Promise<number> {
  const { outputFiles, metafile } = await build({
    entryPoints: [source],
    absWorkingDir: folder,
    outdir: 'out',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    external: ['react', '@angular/core'],
    nodePaths: [join(process.cwd(), 'node_modules')],
    metafile: true,
    write: false,
  });
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source.replace('./', ''))!;
  const needed = neededBy(entry, metafile.outputs).map((path) => join(folder, path));
  return sum(outputFiles.filter(({ path }) => needed.includes(path)).map(({ contents }) => contents));
}

/** What an app gets that takes this and no more from an entry. */
async function sizeOfTaking(names: string, entry: string): Promise<number> {
  writeFileSync(join(app, 'app.js'), `export ${names} from '${entry.replace('.', 'millrace')}';`);
  return sizeOf('./app.js', app);
}

/** What a file of the bundle comes to, just as it is served. */
async function sizeOfServed(file: string): Promise<number> {
  const folder = join(installed, 'dist', 'bundle');
  const { metafile } = await build({
    entryPoints: [file],
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    metafile: true,
    write: false,
  });
  return sum(neededBy(file, metafile.inputs).map((path) => readFileSync(join(folder, path))));
}

/** A file and all that it imports at once, whichever way leads there. */
function neededBy(path: string, files: Metafile['outputs'] | Metafile['inputs'], needed = new Set<string>()): string[] {
  needed.add(path);
  for (const { kind, path: other } of files[path]!.imports) {
    if (kind === 'import-statement' && other in files && !needed.has(other)) neededBy(other, files, needed);
  }
  return [...needed];
}

const sum = (files: readonly Uint8Array[]) => files.reduce((bytes, contents) => bytes + compressed(contents), 0);

const compressed = (contents: Uint8Array) =>
  brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

function assertAtMost(most: number, size: number, what: string) {
  assert.ok(size <= most, `${what} is ${size} bytes, ${size - most} more than it may be`);
}

describe('Of the entries of the package', () => {
  test('each has its number', () => {
    const measured = [...Object.keys(MOST), ...Object.keys(MOST_WRAPPED), ...OF_TYPES];
    const own = modules.map(({ path }) => path).filter((path) => !path.includes('*'));
    assert.deepEqual(measured.toSorted(), own.toSorted());
    const files = globSync('*.js', { cwd: join(installed, 'dist', 'bundle') }).map((path) => basename(path));
    assert.deepEqual(Object.keys(MOST_BUNDLED).toSorted(), files.toSorted());
  });

  for (const { path, source } of entries) {
    test(`${path} is no larger than ${MOST[path]} bytes`, async () => {
      assertAtMost(MOST[path]!, await sizeOf(source), path);
    });
  }

  for (const [path, most] of Object.entries(MOST_WRAPPED)) {
    test(`${path} is no larger than ${most} bytes`, async () => {
      assertAtMost(most, await sizeOfTaking('*', path), path);
    });

    for (const element of elements) {
      test(`${path} gives who takes ${titleOf(element)} no other element`, async () => {
        const name = titleOf(element);
        const plain = await sizeOfTaking('*', `./components/${element.folder}/define`);
        assertAtMost(plain + MOST_FOR_WRAPPING, await sizeOfTaking(`{ ${name} }`, path), `${name} of ${path}`);
      });
    }
  }

  for (const path of OF_TYPES) {
    test(`${path} is nothing when it runs`, async () => {
      assert.equal(await sizeOfTaking('*', path), await sizeOfTaking('{}', path));
    });
  }

  for (const [file, most] of Object.entries(MOST_BUNDLED)) {
    test(`${file} of the bundle is no larger than ${most} bytes`, async () => {
      assertAtMost(most, await sizeOfServed(file), file);
    });
  }
});
