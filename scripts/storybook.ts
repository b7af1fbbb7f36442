import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfFiles } from './inputs.ts';
import { binary } from './suites.ts';

const root = join(import.meta.dirname, '..');

/** Where the static Storybook lies: it works from any folder of any web server, and without a network. */
export const STORYBOOK = join(root, 'dist', 'storybook');
const MARK = join(root, 'dist', 'storybook.inputs');
const INPUTS = [
  '.storybook/*',
  '{src,widget,server,demo,stories}/**/*.{ts,sql,css,svg,mdx}',
  'scripts/{manifest,analyzer,constant-elements,storybook,tokens}.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** Builds the static Storybook into dist/storybook, unless what lies there was built from the same files. */
export function buildStorybook() {
  const inputs = hashOfFiles(INPUTS);
  if (existsSync(MARK) && readFileSync(MARK, 'utf8') === inputs) return;
  console.log('Building the Storybook …');
  const status = runStorybook(['build', '--output-dir', STORYBOOK, '--quiet']);
  if (status !== 0) throw new Error('The Storybook could not be built: see above.');
  writeFileSync(MARK, inputs);
}

/** Runs a command of Storybook's, which asks nobody and tells nobody anything. */
function runStorybook(words: string[]) {
  const quiet = ['--config-dir', '.storybook', '--disable-telemetry'];
  const env = { ...process.env, STORYBOOK_DISABLE_TELEMETRY: '1' };
  const command = ['--conditions=millrace-source', binary('storybook'), ...words, ...quiet];
  return spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', env }).status;
}

if (import.meta.main) {
  if (process.argv[2] === 'build') buildStorybook();
  else process.exitCode = runStorybook(['dev', '--port', process.env.PORT ?? '6006', '--no-open', '--no-version-updates']) ?? 1;
}
