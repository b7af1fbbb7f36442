import { transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollup, type Plugin } from 'rollup';
import { minify } from 'terser';
import { hashOfFiles } from './inputs.ts';

const root = join(import.meta.dirname, '..');

const OUTPUT = join(root, 'dist', 'cdn');
const MARK = join(root, 'dist', 'cdn.inputs');
const INPUTS = ['widget/**', 'src/core/**', 'scripts/widget.ts', 'package.json', 'package-lock.json'];

/** What pages include: the whole, which loads the file that shows forms when one is needed, and what inline forms need, in one. */
const LAUNCHERS = { 'millrace.js': 'widget/loader.ts', 'millrace-inline.js': 'widget/loader-inline.ts' } as const;
const FORM = 'form.js';
/** Loaded only where something could not be sent at once, or is sent in parts. */
const LATER = 'later.js';
const TARGET = 'es2022';
/** Stands in a version until it is known. */
const UNSTAMPED = '--------';

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
  const later = await bundle('widget/later.ts', 'es');
  const form = await bundle('widget/form.ts', 'es', { LATER_INTEGRITY: integrityOf(later) });
  const chunks = { [FORM]: form, [LATER]: later };
  const words = { FORM_INTEGRITY: integrityOf(form), LATER_INTEGRITY: integrityOf(later) };
  const version = (stamp: string) => `${release}-${stamp}`;
  const launchers: Record<string, string> = {};
  for (const [name, entry] of Object.entries(LAUNCHERS))
    launchers[name] = await bundle(entry, 'iife', { ...words, VERSION: version(UNSTAMPED) });
  // The launchers hold the version, so it is made of what they are without it.
  const stamp = createHash('sha256')
    .update(JSON.stringify([chunks, launchers]))
    .digest('hex')
    .slice(0, UNSTAMPED.length);
  const stamped = Object.entries(launchers).map(([name, code]) => [name, code.replaceAll(version(UNSTAMPED), version(stamp))]);
  return { version: version(stamp), files: { ...chunks, ...Object.fromEntries(stamped) } };
}

async function bundle(entry: string, format: 'es' | 'iife', words: Record<string, string> = {}): Promise<string> {
  const bundled = await rollup({ input: join(root, entry), plugins: [sources()], treeshake: 'smallest' });
  const { output } = await bundled.generate({ format });
  await bundled.close();
  const { code } = await minify(output[0].code, {
    module: true,
    ecma: 2020,
    // No property of ours does anything when it is read that somebody waits for.
    compress: { passes: 2, pure_getters: true, keep_fargs: false, unsafe_arrows: true, global_defs: words },
    // Nearly all of it runs while the page loads: Chromium then compiles it beside the page's own thread, and each function once.
    format: { preamble: '//# allFunctionsCalledOnLoad' },
  });
  return code!;
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
