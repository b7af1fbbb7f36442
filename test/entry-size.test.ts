import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';

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
  './components/contact-form': 43_250,
  './components/contact-form/define': 43_250,
  './components/contact-table': 25_750,
  './components/contact-table/define': 25_750,
  './components/lead-form': 47_250,
  './components/lead-form/define': 47_250,
  './components/lead-table': 26_500,
  './components/lead-table/define': 26_500,
  './components/provider': 22_000,
  './components/provider/define': 22_000,
};

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { 'millrace-source'?: string }>;
};
const entries = Object.entries(exports).flatMap(([path, target]) => {
  const source = typeof target === 'string' ? undefined : target['millrace-source'];
  return source === undefined ? [] : [{ path, source }];
});

async function sizeOf(source: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    entryPoints: [source],
    outdir: 'out',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  const outputs = Object.entries(metafile.outputs);
  const needed = new Set<string>();
  const need = (path: string) => {
    if (needed.has(path)) return;
    needed.add(path);
    for (const each of metafile.outputs[path]!.imports) if (each.kind === 'import-statement') need(each.path);
  };
  need(outputs.find(([, { entryPoint }]) => entryPoint === source.replace('./', ''))![0]);
  const bytes = outputFiles.filter(({ path }) => [...needed].some((one) => path === join(process.cwd(), one)));
  return bytes.reduce((sum, { contents }) => sum + compressed(contents), 0);
}

const compressed = (contents: Uint8Array) =>
  brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

describe('Of the entries of the package', () => {
  test('each has its number', () => {
    assert.deepEqual(Object.keys(MOST).toSorted(), entries.map(({ path }) => path).toSorted());
  });

  for (const { path, source } of entries) {
    test(`${path} is no larger than ${MOST[path]} bytes`, async () => {
      const size = await sizeOf(source);
      assert.ok(size <= MOST[path]!, `${path} is ${size} bytes, ${size - MOST[path]!} more than it may be`);
    });
  }
});
