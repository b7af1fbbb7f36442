import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWidget } from './widget.ts';

const root = join(import.meta.dirname, '..');
const CDN = join(root, 'dist', 'cdn');
const RELEASES = join(root, 'server', 'cdn', 'releases');

/** Keeps the widget as it is built now among the releases, which are committed: its addresses stay served whatever comes after it. */
await buildWidget();
const version = readdirSync(CDN, { withFileTypes: true }).find((one) => one.isDirectory() && one.name !== 'v1')!.name;
const kept = join(RELEASES, version);
if (existsSync(kept)) console.log(`The widget ${version} is released already.`);
else {
  cpSync(join(CDN, version), kept, { recursive: true });
  console.log(`The widget ${version} is released: commit server/cdn/releases/${version}.`);
}
