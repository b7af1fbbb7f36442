import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfFiles } from './inputs.ts';

const root = join(import.meta.dirname, '..');

const PAGE = join(root, 'dist', 'console', 'index.html');
const MARK = join(root, 'dist', 'console.inputs');
const INPUTS = ['src/**', 'demo/**', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];

/** Builds the console into dist/console, unless what lies there was built from the same files. */
export async function buildConsole() {
  const inputs = hashOfFiles(INPUTS);
  if (existsSync(PAGE) && existsSync(MARK) && readFileSync(MARK, 'utf8') === inputs) return;
  console.log('Building the console …');
  const { build } = await import('vite');
  await build({ root: join(root, 'demo', 'console'), configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(MARK, inputs);
}
