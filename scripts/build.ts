import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleElements } from './bundle.ts';
import { binary } from './suites.ts';
import { buildWidget } from './widget.ts';
import { writeWrappers } from './wrappers.ts';

const root = join(import.meta.dirname, '..');

/** Emits what the npm package `millrace` ships: a module and its types for each source file, what is made from the manifest, and the bundle. */
export async function buildPackage(output = join(root, 'dist')) {
  compile('tsconfig.build.json', output);
  writeWrappers(output);
  await bundleElements(join(output, 'bundle'));
}

/** Emits what the npm package `@millrace/server` ships: its modules, the contract they contain, and the migrations. */
export function buildServer(output = join(root, 'server', 'dist')) {
  compile('tsconfig.server.json', output);
  for (const file of globSync('server/**/*.sql', { cwd: root, exclude: ['server/dist'] })) {
    cpSync(join(root, file), join(output, file));
  }
}

/** Lays the widget into what buildServer emitted, with the releases before it: every server has them all. */
export async function addWidget(output = join(root, 'server', 'dist')) {
  await buildWidget();
  cpSync(join(root, 'dist', 'cdn'), join(output, 'server', 'cdn', 'built'), { recursive: true });
  const releases = join(root, 'server', 'cdn', 'releases');
  if (existsSync(releases)) cpSync(releases, join(output, 'server', 'cdn', 'releases'), { recursive: true });
}

function compile(project: string, output: string) {
  const words = [binary('typescript', 'tsc'), '--project', project, '--outDir', output];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`The build by ${project} failed: see above.`);
}

if (import.meta.main) {
  // What lies there of the console, of the CDN and of Storybook is no part of the packages.
  for (const path of globSync(['dist/*', 'server/dist'], { cwd: root, exclude: ['dist/{console,cdn,storybook}*'] })) {
    rmSync(join(root, path), { recursive: true });
  }
  await buildPackage();
  buildServer();
  await addWidget();
}
