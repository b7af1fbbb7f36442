import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const isRoot = process.getuid?.() === 0;

/** The path of the first of these programs that the machine has. */
export function onPath(...names: string[]) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** Whether packages of the machine's own system can be installed. */
export const canInstallPackages = () => isRoot && onPath('apt-get') !== undefined;

/** Installs a package of the machine's own system, or leaves things as they are: look again for what it brings. */
export function installPackage(name: string) {
  for (const words of [
    ['update', '--quiet=2'],
    ['install', '--quiet=2', '--yes', name],
  ]) {
    spawnSync('apt-get', words, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}
