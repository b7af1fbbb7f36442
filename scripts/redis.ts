import { spawn } from 'node:child_process';
import { freePort, listening } from './ports.ts';
import { canInstallPackages, installPackage, onPath } from './programs.ts';
import { exitOnSignals } from './signals.ts';

const NAMES = ['redis-server', 'valkey-server'];

/**
 * Gives `work` the address of a Redis, and takes the server away when the work is done, has failed, or the process is told
 * to stop. Where MILLRACE_TEST_REDIS_URL names a server, that one is given.
 */
export async function withRedis<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const given = process.env.MILLRACE_TEST_REDIS_URL;
  if (given) return work(given);
  exitOnSignals();
  const program = findRedis();
  const port = await freePort();
  const server = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  const stop = () => {
    process.off('exit', stop);
    server.kill();
  };
  process.on('exit', stop);
  try {
    await listening(port);
    return await work(`redis://127.0.0.1:${port}`);
  } finally {
    stop();
  }
}

/** The path of a Redis; where the machine has none, one is installed first. */
function findRedis(): string {
  const found = onPath(...NAMES);
  if (found) return found;
  if (canInstallPackages()) {
    console.log('Installing Redis for the tests …');
    installPackage('redis-server');
  }
  const installed = onPath(...NAMES);
  if (installed) return installed;
  throw new Error(
    `None of ${NAMES.join(', ')} was found and none could be installed: install one, or name a server by MILLRACE_TEST_REDIS_URL.`,
  );
}
