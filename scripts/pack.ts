import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage } from './build.ts';

const root = join(import.meta.dirname, '..');

/** Builds the npm package `millrace` and packs it as it would be published; gives the file's path, in a folder of its own. */
export async function packPackage(): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'millrace-pack-')), 'package');
  mkdirSync(folder);
  for (const file of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']) cpSync(join(root, file), join(folder, file));
  await buildPackage(join(folder, 'dist'));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', join(folder, '..')];
  const [{ filename }] = JSON.parse(execFileSync(npm, words, { cwd: folder, encoding: 'utf8' })) as [{ filename: string }];
  return join(folder, '..', filename);
}
