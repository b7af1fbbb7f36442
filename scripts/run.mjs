/**
 * Runs a script of the project with Node 24, after installing what a fresh clone lacks:
 * `node scripts/run.mjs scripts/test.ts client`.
 *
 * Plain JavaScript over Node's own modules, because it is what runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_TO_INSTALL = [20, 0];
const OLDEST_TO_RUN = [24, 15];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const mark = join(modules, '.millrace-lock');
const onWindows = process.platform === 'win32';

function fail(sentence, code = 1) {
  console.error(sentence);
  process.exit(code);
}

function isAtLeast([major, minor]) {
  const [ours, ourMinor] = process.versions.node.split('.').map(Number);
  return ours > major || (ours === major && ourMinor >= minor);
}

/** Changes when an install would give other packages or other links. */
function wantedInstall() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', ...workspaces.map((name) => join(name, 'package.json'))]) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function install(wanted) {
  console.log('Installing the dependencies …');
  // The shell's NODE_ENV or omit setting must not leave out what the scripts need.
  const words = ['ci', '--include=dev', '--include=optional', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const { status } = npm
    ? spawnSync(process.env.npm_node_execpath || process.execPath, [npm, ...words], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', words, { cwd: root, stdio: 'inherit', shell: onWindows });
  if (status !== 0) fail('The dependencies could not be installed: see what npm says above.', status || 1);
  writeFileSync(mark, wanted);
}

/** The Node that the dependencies bring, else the running one if it is new enough. */
function findNode() {
  const brought = `node-${onWindows ? 'win' : process.platform}-${process.arch}`;
  const file = join(modules, brought, 'bin', onWindows ? 'node.exe' : 'node');
  if (existsSync(file) && spawnSync(file, ['--version']).status === 0) return file;
  if (isAtLeast(OLDEST_TO_RUN)) return process.execPath;
  return fail(
    `Install Node ${OLDEST_TO_RUN.join('.')} or newer from https://nodejs.org: this is ${process.version}, ` +
      `and no package brings a newer one for ${process.platform} on ${process.arch}.`,
  );
}

function run(node, words) {
  process.env.PATH = [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, ['--conditions=millrace-source', ...words], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends its signals to the child as well, which must not count them twice.
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  if (process.env.npm_lifecycle_event) endWithParent(child);
  child.on('error', (error) => fail(`Node could not be started: ${error.message}.`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

/** A signal to npm reaches the shell between npm and this process, and no further: it is noticed by the shell's end. */
function endWithParent(child) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref();
}

if (!isAtLeast(OLDEST_TO_INSTALL)) {
  fail(
    `Millrace needs Node ${OLDEST_TO_INSTALL[0]} or newer, and this is ${process.version}: install one from https://nodejs.org.`,
  );
}
process.chdir(root);
const wanted = wantedInstall();
if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) install(wanted);
run(findNode(), process.argv.slice(2));
