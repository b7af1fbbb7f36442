import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { bundleWidget, type Widget } from '../scripts/widget.ts';

const KB = 1_024;

describe('The widget', () => {
  let widget: Widget;

  before(async () => {
    widget = await bundleWidget();
  });

  const sizeOf = (name: string) =>
    brotliCompressSync(widget.files[name]!, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

  for (const [name, most] of [
    // Everything that an inline form needs.
    ['millrace-inline.js', 10 * KB],
    ['millrace.js', 2.2 * KB],
    ['form.js', 12.5 * KB],
    ['later.js', 2.2 * KB],
  ] as const) {
    test(`asks no more than ${most / KB} KB for ${name}`, (test) => {
      test.diagnostic(`${sizeOf(name)} bytes brotli.`);
      assert.ok(sizeOf(name) <= most, `${sizeOf(name)} bytes`);
    });
  }

  test('is the same bytes whenever it is built of the same sources', async () => {
    assert.deepEqual(await bundleWidget(), widget);
  });

  test('holds nothing that turns text into markup or code', () => {
    for (const [name, code] of Object.entries(widget.files)) {
      assert.doesNotMatch(
        code,
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\("style"/,
        name,
      );
    }
  });
});
