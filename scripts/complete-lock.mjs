/**
 * Adds to each package-lock.json the platform packages that the registry in use did not have when the lock was written, and
 * takes out what nothing asks for. With a gap, `npm ci` refuses to install, on that platform and on every other.
 *
 * Plain JavaScript, because without a complete lock nothing can be installed that would run anything else.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];
const LIBRARIES = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

const root = new URL('../', import.meta.url);
const apps = readdirSync(new URL('test/package/', root)).map((name) => `test/package/${name}/package-lock.json`);
for (const file of ['package-lock.json', ...apps].filter((path) => existsSync(new URL(path, root)))) {
  const added = complete(new URL(file, root));
  console.log(added.length > 0 ? `${file}: added ${added.join(', ')}.` : `${file}: nothing was missing.`);
}

function complete(file) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (entry.extraneous) delete lock.packages[path];
  }
  const added = [];
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) continue;
      lock.packages[`node_modules/${name}`] = entryFor(name, version, dev);
      added.push(name);
    }
  }
  const [own, ...rest] = Object.entries(lock.packages);
  lock.packages = Object.fromEntries([own, ...rest.toSorted(([one], [other]) => one.localeCompare(other, 'en'))]);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  return added;
}

/** Says where a package is for, so that npm never asks for it elsewhere: `@oxlint/binding-linux-x64-musl`. */
function entryFor(name, version, dev) {
  const words = name.split('/').at(-1).split('-');
  const system = SYSTEMS.find((each) => words.includes(each));
  const processor = PROCESSORS.find((each) => words.includes(each));
  if (!system || !processor || !/^\d/.test(version)) {
    throw new Error(`${name}@${version} does not say which platform and version it is: write its entry by hand.`);
  }
  const library = system === 'linux' && LIBRARIES[words.at(-1)];
  return {
    version,
    cpu: [processor],
    ...(dev && { dev }),
    ...(library && { libc: [library] }),
    optional: true,
    os: [system],
  };
}
