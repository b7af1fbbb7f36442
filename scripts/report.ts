import { readFileSync, writeFileSync } from 'node:fs';

/** What a suite, or one engine's run of it, came to. */
export interface Result {
  name: string;
  passed: number;
  /** Why or where each failure was, by the test's name. */
  failed: string[];
  /** The tests that were left out, which counts as failing. */
  skipped: string[];
}

/** Names the file in which a process that runs tests leaves its results for the one that sums up. */
export const REPORT_FILE = 'MILLRACE_TEST_REPORT';

/** Leaves results where they are asked for; a run by hand asks for none. */
export function leaveResults(results: Result[]) {
  const file = process.env[REPORT_FILE];
  if (file) writeFileSync(file, JSON.stringify(results));
}

/** Takes the results that a process left, or undefined where it ended before it could. */
export function takeResults(file: string): Result[] | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Result[];
  } catch {
    return undefined;
  }
}
