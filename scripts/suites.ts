import { existsSync, globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One part of `npm test`: a process that passes or fails, and may leave counts of its own. */
export interface Suite {
  name: string;
  /** What Node is given to run. */
  words: string[];
  /** Whether the process leaves results; one that does not is a single check. */
  counts: boolean;
  env?: Record<string, string>;
  needsPostgres?: boolean;
  needsRedis?: boolean;
  /** Whether it visits the console and the widget, which are built before its files run beside each other. */
  needsPages?: boolean;
}

/** Every suite, in the order in which they run: what is quick and fails often comes first. */
export function allSuites(): Suite[] {
  return [
    check('format', [binary('oxfmt'), '--check']),
    check('lint', [binary('oxlint'), '--max-warnings=0']),
    check('types', [binary('typescript', 'tsc'), '--noEmit']),
    nodeTests('architecture', 'test/architecture.test.ts'),
    nodeTests('exports', 'test/exports.test.ts'),
    nodeTests('entry-size', 'test/entry-size.test.ts'),
    nodeTests('contract', 'test/contract/**/*.test.ts'),
    nodeTests('client', 'test/client/**/*.test.ts'),
    nodeTests('widget-size', 'test/widget-size.test.ts'),
    ...(existsSync('src/core') ? [nodeTests('core', 'test/core/**/*.test.ts')] : []),
    { ...nodeTests('server-pglite', 'test/server/**/*.test.ts'), env: { MILLRACE_TEST_DB: 'pglite' }, needsRedis: true },
    {
      ...nodeTests('server-postgres', 'test/server/**/*.test.ts'),
      env: { MILLRACE_TEST_DB: 'postgres' },
      needsPostgres: true,
      needsRedis: true,
    },
    { name: 'browser', words: ['scripts/browser-tests.ts'], counts: true },
    { ...nodeTests('e2e', 'test/e2e/**/*.test.ts'), needsPages: true },
    nodeTests('stories', 'test/stories/**/*.test.ts'),
    nodeTests('package', 'test/package/*.test.ts'),
    ...globSync('test/drill/*.ts')
      .toSorted()
      .map((file) => check(`drill ${file}`, [file, '--short'])),
  ];
}

/** The suites that a word on the command line means: `server` both databases, `drill` every drill. */
export function suitesNamed(word: string, suites: Suite[]) {
  return suites.filter(({ name }) => name === word || name.startsWith(`${word}-`) || name.startsWith(`${word} `));
}

function check(name: string, words: string[]): Suite {
  return { name, words, counts: false };
}

function nodeTests(name: string, files: string): Suite {
  const options = ['--test', '--test-concurrency=2', '--test-timeout=120000', '--test-reporter=./scripts/node-reporter.ts'];
  return { name, words: [...options, files], counts: true };
}

/** The script behind a dependency's command. */
export function binary(name: string, command = name) {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { bin } = createRequire(import.meta.url)(file) as { bin: string | Record<string, string> };
  return join(dirname(file), typeof bin === 'string' ? bin : bin[command]!);
}
