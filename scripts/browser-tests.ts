import { defaultReporter, startTestRunner, type Reporter, type TestSession, type TestSuiteResult } from '@web/test-runner';
import { relative } from 'node:path';
import { browserConfig } from './browser-config.ts';
import { type Engine, chromiumEngine, firefoxEngine, webkitEngine } from './browsers.ts';
import { leaveResults, type Result } from './report.ts';
import { exitOnSignals } from './signals.ts';

/** Runs the browser tests in every engine that the machine has, and leaves each engine's counts. */
exitOnSignals();
const wanted: Record<Engine['name'], Engine | undefined> = {
  Chromium: await chromiumEngine(),
  Firefox: await firefoxEngine(),
  WebKit: await webkitEngine(),
};
const engines = Object.values(wanted).filter((engine) => engine !== undefined);
const missing = Object.keys(wanted).filter((name) => !wanted[name as Engine['name']]);
console.log(
  `Runs in ${engines.map(({ name }) => name).join(', ')}. ${missing.map((name) => `${name} is not installed.`).join(' ')}`,
);

const runner = await startTestRunner({
  config: {
    ...browserConfig,
    browsers: engines.map(({ launcher }) => launcher),
    reporters: [defaultReporter({ reportTestProgress: false }), counting()],
  },
  readCliArgs: false,
  readFileConfig: false,
  autoExitProcess: false,
});
if (!runner) throw new Error('The browser test runner did not start: see above.');
runner.on('finished', () => void runner.stop());
runner.on('stopped', (passed) => {
  for (const engine of engines) engine.close?.();
  process.exit(passed ? 0 : 1);
});

function counting(): Reporter {
  return {
    stop({ sessions }) {
      leaveResults(
        engines.map(({ name, launcher }) =>
          resultOf(
            name,
            [...sessions].filter(({ browser }) => browser === launcher),
          ),
        ),
      );
    },
  };
}

function resultOf(name: string, sessions: TestSession[]): Result {
  const result: Result = { name, passed: 0, failed: [], skipped: [] };
  for (const { testFile, passed, errors, testResults } of sessions) {
    const file = relative('', testFile ?? '');
    const before = result.failed.length;
    let tests = 0;
    for (const { title, test } of testsOf(testResults)) {
      const place = `${file} › ${title}`;
      tests += 1;
      if (test.skipped) result.skipped.push(place);
      else if (test.passed) result.passed += 1;
      else result.failed.push(place);
    }
    if (errors.length > 0) result.failed.push(`${file} (the file itself)`);
    else if (tests === 0) result.failed.push(`${file} holds no test`);
    else if (!passed && result.failed.length === before) result.failed.push(`${file} (the file itself)`);
  }
  return result;
}

function testsOf(
  suite: TestSuiteResult | undefined,
  names: string[] = [],
): { title: string; test: TestSuiteResult['tests'][number] }[] {
  if (!suite) return [];
  return [
    ...suite.tests.map((test) => ({ title: [...names, test.name].join(' › '), test })),
    ...suite.suites.flatMap((inner) => testsOf(inner, [...names, inner.name])),
  ];
}
