import { build } from 'esbuild';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { longestTaskSince } from './page-watch.ts';

/** How long one proof of work takes, and the longest task meanwhile (0 where none takes 50 ms). */
export interface ProofRun {
  milliseconds: number;
  longestTask: number;
}

/** Solves real challenges with the widget's own code in a page that does nothing else, unthrottled. */
export async function timeProofs(
  browser: Browser,
  url: string,
  challenge: () => Promise<unknown>,
  runs: number,
): Promise<ProofRun[]> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { proofOf } from './proof.ts'; globalThis.proofOf = proofOf;`,
      resolveDir: join(import.meta.dirname, '../../../widget/sending'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
  });
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await page.addScriptTag({ content: outputFiles[0]!.text });
  const times: ProofRun[] = [];
  for (let run = 0; run < runs; run++) {
    const given = await challenge();
    const { from, milliseconds } = await page.evaluate(async (one) => {
      const { proofOf } = globalThis as unknown as { proofOf(challenge: unknown, subtle: SubtleCrypto): Promise<string> };
      const from = performance.now();
      await proofOf(one, crypto.subtle);
      return { from, milliseconds: performance.now() - from };
    }, given);
    times.push({ milliseconds, longestTask: await page.evaluate(longestTaskSince, from) });
  }
  await page.context().close();
  return times;
}
