import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plainForm } from './form-markup.ts';

/** One way to have the measured form on a page. */
export interface Candidate {
  name: string;
  /** What stands in the page's head and where its form goes. */
  head: string;
  body: string;
  /** The scripts that its page loads from its own origin, by their addresses. */
  files: Readonly<Record<string, string>>;
  hasSteps: boolean;
}

const FORMS = join(import.meta.dirname, 'forms');
const PEERS = join(import.meta.dirname, 'peers');

/** Every candidate, built as its own guide says for production. */
export async function allCandidates(snippet: string): Promise<Candidate[]> {
  const altcha = await readFile(join(PEERS, 'node_modules/altcha/dist/main/altcha.min.js'), 'utf8');
  return [
    filled('limit: async script, shadow root', await bundle(join(FORMS, 'limit.ts'))),
    { name: 'plain form', head: '', body: plainForm(), files: {}, hasSteps: false },
    filled('trivial Lit form', await bundle(join(FORMS, 'trivial-lit.ts'))),
    {
      name: 'altcha with a plain form',
      head: '<script async type="module" src="/altcha.js"></script>',
      body: plainForm('<altcha-widget challenge="/challenge" auto="onsubmit"></altcha-widget>'),
      files: { '/altcha.js': altcha },
      hasSteps: false,
    },
    filled('FormKit', await bundle(join(PEERS, 'formkit-form.js'))),
    { name: 'Millrace', head: '', body: snippet, files: {}, hasSteps: true },
  ];
}

/** One whose script fills the form's place. */
const filled = (name: string, script: string): Candidate => ({
  name,
  head: '<script async type="module" src="/form.js"></script>',
  body: '<div id="place"></div>',
  files: { '/form.js': script },
  hasSteps: true,
});

async function bundle(entry: string) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    conditions: ['production'],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  });
  return outputFiles[0]!.text;
}
