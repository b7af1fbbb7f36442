import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

const LIMIT = 2_560;

const PROGRAM = `
  import { createClient } from './src/client/index.ts';
  const client = createClient({ baseUrl: 'https://crm.example.com', getToken: async () => globalThis.token });
  export const list = (query) => client.contacts.list(query);
  export const create = (contact) => client.contacts.create(contact);
  export const update = (id, change) => client.contacts.update(id, change);
`;

test('a program that lists, creates and updates loads at most 2.5 KB, and zod is no part of it', async (test) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: PROGRAM, resolveDir: new URL('../..', import.meta.url).pathname },
    bundle: true,
    splitting: true,
    outdir: '/',
    minify: true,
    format: 'esm',
    target: 'es2023',
    metafile: true,
    write: false,
  });
  const loaded = loadedWith('stdin.js', metafile);
  const files = outputFiles.filter(({ path }) => loaded.some((name) => path.endsWith(`/${name}`)));
  const bytes = files.reduce((sum, { contents }) => sum + compressed(contents), 0);
  test.diagnostic(`The client for list, create and update: ${bytes} bytes brotli.`);

  const modules = Object.keys(metafile.inputs);
  assert.ok(modules.includes('src/client/transport.ts'));
  assert.deepEqual(
    modules.filter((module) => module.includes('node_modules') || module.includes('src/contract')),
    [],
  );
  assert.ok(bytes <= LIMIT, `${bytes} bytes`);
});

/** The file of a program with all that it imports before it runs; what it may load later is not among them. */
function loadedWith(entry: string, { outputs }: Metafile) {
  const names = Object.keys(outputs);
  const loaded = names.filter((name) => name.endsWith(entry));
  assert.equal(loaded.length, 1);
  for (const name of loaded)
    for (const { path, kind } of outputs[name]!.imports)
      if (kind === 'import-statement' && !loaded.includes(path)) loaded.push(path);
  return loaded.map((name) => name.split('/').at(-1)!);
}

const compressed = (contents: Uint8Array) =>
  brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
