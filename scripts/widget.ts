import { transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollup, type Plugin } from 'rollup';
import { hashOfFiles } from './inputs.ts';

const root = join(import.meta.dirname, '..');

const OUTPUT = join(root, 'dist', 'cdn');
const MARK = join(root, 'dist', 'cdn.inputs');
const INPUTS = ['widget/**', 'src/core/**', 'scripts/widget.ts', 'package.json', 'package-lock.json'];

/** Each launcher, and the forms that it loads; `later.js` is loaded by those where something could not be sent. */
const LAUNCHERS = {
  'millrace.js': { entry: 'widget/loader.ts', forms: 'form.js' },
  'millrace-inline.js': { entry: 'widget/loader-inline.ts', forms: 'inline.js' },
} as const;
const FORMS = { 'form.js': 'widget/form.ts', 'inline.js': 'widget/inline-form.ts' } as const;
const LATER = 'later.js';
const TARGET = 'es2022';

/** What a build of the widget is: its files by name, and the version that they belong to. */
export interface Widget {
  version: string;
  files: Record<string, string>;
}

/**
 * Builds the widget into dist/cdn, unless what lies there was built from the same files: `<version>/` holds what is served
 * for ever, `v1/` the launchers that follow the releases, `integrity.json` what each file of the version hashes to.
 */
export async function buildWidget() {
  const inputs = hashOfFiles(INPUTS);
  if (existsSync(MARK) && readFileSync(MARK, 'utf8') === inputs) return;
  console.log('Building the widget …');
  const { version, files } = await bundleWidget();
  rmSync(OUTPUT, { recursive: true, force: true });
  for (const [name, code] of Object.entries(files)) {
    write(join(OUTPUT, version), name, code);
    if (name in LAUNCHERS) write(join(OUTPUT, 'v1'), name, code);
  }
  const integrity = Object.fromEntries(Object.entries(files).map(([name, code]) => [name, integrityOf(code)]));
  write(OUTPUT, 'integrity.json', `${JSON.stringify(integrity, null, 2)}\n`);
  writeFileSync(MARK, inputs);
}

/** Makes the widget's files; the same sources make the same bytes, and other bytes another version. */
export async function bundleWidget(): Promise<Widget> {
  const { version: release } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const later = await bundle('widget/later.ts', 'esm');
  const forms: Record<string, string> = { [LATER]: later };
  for (const [name, entry] of Object.entries(FORMS))
    forms[name] = await bundle(entry, 'esm', { LATER_INTEGRITY: integrityOf(later) });
  const launchersOf = async (version: string) => {
    const launchers: Record<string, string> = {};
    for (const [name, { entry, forms: file }] of Object.entries(LAUNCHERS)) {
      const words = { FORM_PATH: `../${version}/${file}`, FORM_INTEGRITY: integrityOf(forms[file]!), VERSION: version };
      launchers[name] = await bundle(entry, 'iife', words);
    }
    return launchers;
  };
  // The launchers hold the version, so it is made of what they are without it.
  const stamp = createHash('sha256')
    .update(JSON.stringify([forms, await launchersOf(release)]))
    .digest('hex')
    .slice(0, 8);
  const version = `${release}-${stamp}`;
  return { version, files: { ...forms, ...(await launchersOf(version)) } };
}

async function bundle(entry: string, format: 'esm' | 'iife', words: Record<string, string> = {}) {
  const bundled = await rollup({ input: join(root, entry), plugins: [sources()], treeshake: 'smallest' });
  const { output } = await bundled.generate({ format: 'es' });
  await bundled.close();
  const define = Object.fromEntries(Object.entries(words).map(([name, word]) => [name, JSON.stringify(word)]));
  const { code } = await transform(output[0].code, { minify: true, target: TARGET, format, define });
  return code.trim();
}

/** Reads TypeScript, and takes out of styles what only their readers need. */
function sources(): Plugin {
  return {
    name: 'sources',
    async transform(source, id) {
      const { code } = await transform(source, { loader: 'ts', target: TARGET, sourcefile: id, charset: 'utf8' });
      if (!id.endsWith('.styles.ts')) return { code, map: null };
      const [whole, styles] = /`([^`$]*)`/.exec(code) ?? this.error(`${id} holds no styles in one plain template.`);
      const { code: packed } = await transform(styles!, { loader: 'css', minify: true });
      return { code: code.replace(whole, () => JSON.stringify(packed.trim())), map: null };
    },
  };
}

const integrityOf = (code: string) => `sha384-${createHash('sha384').update(code).digest('base64')}`;

function write(directory: string, name: string, text: string) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text);
}

if (import.meta.main) await buildWidget();
