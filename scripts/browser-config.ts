import { esbuildPlugin } from '@web/dev-server-esbuild';
import type { TestRunnerConfig } from '@web/test-runner';
import { join } from 'node:path';
import { widgetPages } from './widget-pages.ts';

const root = join(import.meta.dirname, '..');

/** How the browser tests are served and run, whatever the engine. */
export const browserConfig: TestRunnerConfig = {
  rootDir: root,
  files: ['test/components/**/*.test.ts', 'test/widget/**/*.test.ts'],
  // One page at a time in each engine, because only one can have the keyboard's focus.
  concurrency: 1,
  concurrentBrowsers: 2,
  nodeResolve: { exportConditions: ['millrace-source', 'browser', 'development'] },
  plugins: [esbuildPlugin({ ts: true, target: 'es2023', tsconfig: join(root, 'tsconfig.json') })],
  middleware: [widgetPages()],
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode.'),
  testFramework: { config: { timeout: '30000' } },
};
