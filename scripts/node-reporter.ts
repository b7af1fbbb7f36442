import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import { leaveResults, type Result } from './report.ts';

/**
 * A reporter of node:test that prints failures, what tests have to say, and nothing else, and leaves the counts.
 * A file without a test counts as a failure.
 */
export default async function* report(events: AsyncIterable<TestEvent>) {
  const result: Result = { name: '', passed: 0, failed: [], skipped: [] };
  const openTests = new Map<string, string[]>();

  const nameOf = ({ file, nesting, name }: { file?: string | undefined; nesting: number; name: string }) =>
    [file && relative('', file), ...(openTests.get(file ?? '')?.slice(0, nesting) ?? []), name].filter(Boolean).join(' › ');

  for await (const event of events) {
    switch (event.type) {
      case 'test:start': {
        const { file = '', nesting, name } = event.data;
        const names = openTests.get(file) ?? [];
        openTests.set(file, [...names.slice(0, nesting), name]);
        break;
      }
      case 'test:pass': {
        const { data } = event;
        if (data.skip !== undefined || data.todo !== undefined) result.skipped.push(nameOf(data));
        else if (isFile(data)) result.failed.push(`${data.name} holds no test`);
        else if (data.details.type !== 'suite') result.passed += 1;
        break;
      }
      case 'test:fail': {
        const { data } = event;
        const { error } = data.details;
        if (data.skip !== undefined || data.todo !== undefined) result.skipped.push(nameOf(data));
        else if (!('failureType' in error) || error.failureType !== 'subtestsFailed') {
          const name = isFile(data) ? `${data.name} (the file itself)` : nameOf(data);
          result.failed.push(name);
          yield `\n✖ ${name}\n${data.line ? `  at ${data.file}:${data.line}\n` : ''}${indented(inspect(error.cause ?? error))}\n`;
        }
        break;
      }
      case 'test:summary': {
        const { file, counts } = event.data;
        if (file && counts.tests === 0) result.failed.push(`${relative('', file)} holds no test`);
        break;
      }
      case 'test:diagnostic':
        if (event.data.file) yield `${relative('', event.data.file)}: ${event.data.message}\n`;
        break;
      case 'test:stdout':
      case 'test:stderr':
        yield event.data.message;
        break;
    }
  }
  leaveResults([result]);
}

/** Whether a test is the one that stands for a whole file. */
function isFile({ file, name, nesting }: { file?: string | undefined; name: string; nesting: number }) {
  return nesting === 0 && file !== undefined && resolve(name) === file;
}

function indented(text: string) {
  return text.replace(/^/gm, '  ');
}
