/**
 * What the capture widget costs a page, beside what people would use otherwise, and how soon a submission is a row in the
 * console: `npm run bench:widget`. `--runs 3` makes fewer. Peers are installed into `widget/peers` by their lock file first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEMO_PASSWORD, readSettings, startServer } from '@millrace/server';
import { chromium } from 'playwright-core';
import { demoWorkspace } from '../../demo/data/demo-workspace.ts';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';
import { buildConsole } from '../../scripts/console.ts';
import { exitOnSignals } from '../../scripts/signals.ts';
import { buildWidget } from '../../scripts/widget.ts';
import { BareBrowser } from './widget/bare-browser.ts';
import { openCandidateSite } from './widget/candidate-site.ts';
import { allCandidates } from './widget/candidates.ts';
import { timesUntilRow } from './widget/live.ts';
import { MeasuredForm } from './widget/measured-form.ts';
import { measure, type Run } from './widget/measure.ts';
import { timeProofs } from './widget/proof.ts';

const OWNER = { email: 'owner@demo.test', password: DEMO_PASSWORD };
const MANAGER = { email: 'manager@demo.test', password: DEMO_PASSWORD };
const UNLIMITED = '1000000/60';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });
const RUNS = Number(values.runs);

const median = (numbers: number[]) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]!;

function installPeers() {
  const folder = join(import.meta.dirname, 'widget/peers');
  if (existsSync(join(folder, 'node_modules'))) return;
  console.log('Installing the peers …');
  const { status } = spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('The peers could not be installed: see what npm says above.');
}

exitOnSignals();
installPeers();
await buildConsole();
await buildWidget();
const directory = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
const settings = readSettings({
  DEMO: '1',
  PORT: '0',
  DATA_DIR: directory,
  RATE_LIMIT_PUBLIC: UNLIMITED,
  RATE_LIMIT_CAPTURES: UNLIMITED,
  RATE_LIMIT_PEOPLE: UNLIMITED,
});
const server = await startServer(settings, {
  demo: demoWorkspace(new Date()),
  pages: join(import.meta.dirname, '../../dist/console'),
  cdn: join(import.meta.dirname, '../../dist/cdn'),
  logTo: { write: () => {} },
});
let form: MeasuredForm;
const site = await openCandidateSite(() => form.challenge());
const browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
const bare = await BareBrowser.open();
try {
  form = await MeasuredForm.publish(server.url, OWNER, site.url);
  const candidates = await allCandidates(form.snippet);
  const arrived = async () => site.submitted.length + (await form.submissions());
  const runs = new Map<string, Run[]>(candidates.map(({ name }) => [name, []]));
  // In turn, so that what else the machine does falls on all alike; the first is for the browser to warm up.
  for (let run = 0; run <= RUNS; run++) {
    for (const candidate of candidates) {
      site.show(candidate);
      const before = await arrived();
      const measured = await measure(browser, bare, site.url, candidate, async () => (await arrived()) > before);
      if (run > 0) runs.get(candidate.name)!.push(measured);
    }
  }
  const of = (name: string, part: keyof Run) => median(runs.get(name)!.map((run) => run[part]));
  const limit = candidates[0]!.name;
  console.log(`\nProcessor 4 × slower; medians of ${RUNS} runs; until visible over a network with 60 ms and 9 Mbit/s`);
  console.table(
    Object.fromEntries(
      candidates.map(({ name }) => [
        name,
        {
          'brotli KB': (of(name, 'bytes') / 1_000).toFixed(1),
          'script ms': of(name, 'script').toFixed(1),
          '× limit': (of(name, 'script') / of(limit, 'script')).toFixed(1),
          'longest script ms': of(name, 'longestScript').toFixed(0),
          'layout shift': of(name, 'layoutShift').toFixed(3),
          'longest task ms': of(name, 'longestTask').toFixed(0),
          'visible ms': of(name, 'visible').toFixed(0),
        },
      ]),
    ),
  );

  const proofs = await timeProofs(browser, site.url, () => form.challenge(), 4 * RUNS);
  const slowest = Math.max(...proofs.map(({ milliseconds }) => milliseconds));
  const longest = Math.max(...proofs.map(({ longestTask }) => longestTask));
  console.log(
    `Proof of work, not slowed down: ${median(proofs.map(({ milliseconds }) => milliseconds)).toFixed(0)} ms, ${slowest.toFixed(0)} ms at most; ` +
      (longest === 0 ? 'no task of 50 ms.' : `longest task ${longest} ms.`),
  );

  site.show(candidates.at(-1)!);
  const times = await timesUntilRow(browser, server.url, site.url, MANAGER, RUNS);
  console.log(`From the visitor's click to the row in the console: ${median(times)} ms, ${Math.max(...times)} ms at most.`);
} finally {
  await bare.close();
  await browser.close();
  site.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
process.exit();
