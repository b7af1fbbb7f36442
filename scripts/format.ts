import { spawnSync } from 'node:child_process';
import { binary } from './suites.ts';

/** Formats the whole repository, or the files and folders named on the command line. */
process.exitCode = spawnSync(process.execPath, [binary('oxfmt'), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
