import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 2_560;

const PROGRAM = `
  import { createClient } from './src/client/index.ts';
  const client = createClient({ baseUrl: 'https://crm.example.com', getToken: async () => globalThis.token });
  export const list = (query) => client.contacts.list(query);
  export const create = (contact) => client.contacts.create(contact);
  export const update = (id, change) => client.contacts.update(id, change);
`;

test('a program that lists, creates and updates weighs at most 2.5 KB, and zod is no part of it', async (test) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: PROGRAM, resolveDir: new URL('../..', import.meta.url).pathname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    metafile: true,
    write: false,
  });
  const modules = Object.keys(metafile.inputs);
  const bytes = brotliCompressSync(outputFiles[0]!.contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  test.diagnostic(`The client for list, create and update: ${bytes} bytes brotli.`);

  assert.ok(modules.includes('src/client/transport.ts'));
  assert.deepEqual(
    modules.filter((module) => module.includes('node_modules') || module.includes('src/contract')),
    [],
  );
  assert.ok(bytes <= LIMIT, `${bytes} bytes`);
});
