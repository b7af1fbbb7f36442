import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole } from './console.ts';
import { withPostgres } from './postgres.ts';
import { withRedis } from './redis.ts';
import { REPORT_FILE, type Result, takeResults } from './report.ts';
import { exitOnSignals } from './signals.ts';
import { allSuites, type Suite, suitesNamed } from './suites.ts';
import { buildWidget } from './widget.ts';

/** Runs every suite, or those named on the command line, and says at the end how many checks passed and failed. */
const LONGEST_SUITE = 60 * 60_000;

exitOnSignals();
const reports = mkdtempSync(join(tmpdir(), 'millrace-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

const results: Result[] = [];
for (const suite of chosenSuites()) {
  console.log(`\n— ${suite.name}`);
  const began = performance.now();
  const came = await resultsOf(suite);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  for (const result of came) console.log(`${result.name}: ${countsOf(result)} (${seconds} s)`);
  results.push(...came);
}
sumUp();

function chosenSuites() {
  const suites = allSuites();
  const words = process.argv.slice(2);
  const unknown = words.find((word) => suitesNamed(word, suites).length === 0);
  if (unknown) {
    console.error(`There is no suite "${unknown}": there are ${suites.map(({ name }) => name).join(', ')}.`);
    process.exit(1);
  }
  return words.length > 0 ? words.flatMap((word) => suitesNamed(word, suites)) : suites;
}

async function resultsOf(suite: Suite): Promise<Result[]> {
  try {
    if (suite.needsPages) await buildPages();
    return await withServers(suite, (place) => run(suite, place));
  } catch (error) {
    console.error(error);
    return [failure(suite.name, 'did not run: see above')];
  }
}

async function buildPages() {
  await buildConsole();
  await buildWidget();
}

/** Gives `work` the addresses of the servers that a suite needs. */
function withServers({ needsPostgres, needsRedis }: Suite, work: (place: Record<string, string>) => Promise<Result[]>) {
  const overRedis = (place: Record<string, string>) =>
    needsRedis ? withRedis((url) => work({ ...place, MILLRACE_TEST_REDIS_URL: url })) : work(place);
  return needsPostgres ? withPostgres((url) => overRedis({ MILLRACE_TEST_POSTGRES_URL: url })) : overRedis({});
}

async function run({ name, words, counts, env }: Suite, place: Record<string, string>): Promise<Result[]> {
  const file = join(reports, `${name.replaceAll(/\W/g, '-')}.json`);
  const child = spawn(process.execPath, ['--conditions=millrace-source', ...words], {
    stdio: 'inherit',
    timeout: LONGEST_SUITE,
    env: { ...process.env, ...env, ...place, [REPORT_FILE]: file },
  });
  const end = () => child.kill();
  process.on('exit', end);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  process.off('exit', end);

  if (!counts) return [code === 0 ? { name, passed: 1, failed: [], skipped: [] } : failure(name, ended(code, signal))];
  const came = takeResults(file);
  if (!came) return [failure(name, `left no results: ${ended(code, signal)}`)];
  const named = came.map((result) => checked({ ...result, name: [name, result.name].filter(Boolean).join(' in ') }));
  if (code !== 0 && named.every(isGood)) named.push(failure(name, ended(code, signal)));
  return named;
}

function isGood({ failed, skipped }: Result) {
  return failed.length === 0 && skipped.length === 0;
}

function failure(name: string, why: string): Result {
  return { name, passed: 0, failed: [why], skipped: [] };
}

function ended(code: number | null, signal: string | null) {
  return signal ? `ended by ${signal}` : `exit code ${code}`;
}

/** A suite in which nothing ran proves nothing. */
function checked(result: Result): Result {
  const ran = result.passed + result.failed.length + result.skipped.length;
  return ran > 0 ? result : { ...result, failed: ['no test ran'] };
}

function countsOf({ passed, failed, skipped }: Result) {
  return `${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}

function sumUp() {
  console.log('\n— all');
  for (const result of results) console.log(`${isGood(result) ? '✔' : '✖'} ${result.name}: ${countsOf(result)}`);
  for (const { name, failed, skipped } of results) {
    for (const test of failed) console.log(`  failed in ${name}: ${test}`);
    for (const test of skipped) console.log(`  left out of ${name}, which counts as failed: ${test}`);
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed.length + result.skipped.length, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
