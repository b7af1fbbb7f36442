import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { get, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseEnv } from 'node:util';
import pg from 'pg';
import { freePort, listening } from '../../scripts/ports.ts';
import { readMigrations } from '../../server/db/migration-files.ts';
import { PgliteDb } from '../../server/db/pglite.ts';
import { readSettings } from '../../server/settings.ts';
import { createClient, type Client } from '../../src/client/index.ts';
import { ErrorBody } from '../../src/contract/envelope.ts';
import { addressed, engine, newDatabase, OWNER } from '../support/database.ts';
import { closed, runCommand, ServerProcess, treeOf, type Ended, type Environment } from '../support/process.ts';
import { startSmtp } from '../support/smtp.ts';

const SECRET = 'a secret for tests that is long enough';
const PERSON = { name: 'Ada', email: 'ada.lovelace@example.test', password: 'correct horse battery' };

/** Somewhere to start a server: its settings, and a view of what is stored there while none runs. */
interface Place {
  settings: Environment;
  directory: string;
  /** Everything the database holds that a start could change, to compare. */
  stored(): Promise<unknown>;
  asOwner(sql: string): Promise<unknown>;
}

let folder: string;
let template: string;
const closers: (() => Promise<unknown>)[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-start-'));
  template = join(folder, 'template');
  if (engine === 'pglite') await (await ServerProcess.start({ DATA_DIR: template })).stop();
});

after(async () => {
  for (const close of closers) await close();
  await rm(folder, { recursive: true, force: true });
});

const CATALOGUE = `
  select json_build_object(
    'relations', (select json_agg(json_build_array(oid, relname, relkind, relowner, relacl::text) order by oid) from pg_class where oid >= 16384),
    'functions', (select json_agg(oid order by oid) from pg_proc where oid >= 16384),
    'policies', (select json_agg(oid order by oid) from pg_policy),
    'extensions', (select json_agg(extname order by extname) from pg_extension)) as catalogue`;
const ROWS = `select json_build_object(
    'migrations', (select json_agg(m order by name) from migrations m),
    'users', (select json_agg(u order by id) from users u),
    'audit', (select json_agg(a order by id) from audit_log a)) as rows`;

const newDirectory = () => join(folder, randomUUID());

/** A database with the schema in it, stopped. */
async function newPlace(): Promise<Place> {
  const directory = newDirectory();
  if (engine === 'postgres') {
    const database = await newDatabase();
    closers.push(() => database.close());
    return {
      directory,
      settings: { DATA_DIR: directory, DATABASE_URL: database.urls!.requests, SECRET },
      stored: async () => [await database.asOwner(CATALOGUE), await database.asOwner(ROWS)],
      asOwner: database.asOwner,
    };
  }
  await cp(template, directory, { recursive: true });
  const asOwner = async (sql: string) => {
    const db = await PgliteDb.open({ directory: join(directory, 'postgres') });
    try {
      return (await db.read({ sql, parameters: [] })).rows;
    } finally {
      await db.close();
    }
  };
  return {
    directory,
    settings: { DATA_DIR: directory },
    asOwner,
    stored: async () => [await asOwner(CATALOGUE), await asOwner(ROWS)],
  };
}

/** The settings that let a place's database be migrated, where that takes any. */
function asMigrated({ settings }: Place): Environment {
  const url = settings['DATABASE_URL'];
  return url === undefined
    ? settings
    : { ...settings, MIGRATE_DATABASE_URL: Object.assign(new URL(url), { username: OWNER }).href };
}

/** Starts a server for the time of one piece of work. */
async function withServer<T>(settings: Environment, work: (server: ServerProcess & { url: string }) => Promise<T>): Promise<T> {
  const server = await ServerProcess.start(settings);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

const signUp = (baseUrl: string, person = PERSON) =>
  createClient({ baseUrl }).auth.signUp({ ...person, workspace: 'Analytical' });

const credentials = ({ email, password }: typeof PERSON) => ({ email, password });

const clientOf = (baseUrl: string, token: string): Client => createClient({ baseUrl, token });

/** What the log says of an invitation's mail once it has gone out. */
const MAILED = '"kind":"mail-invitation","attempt":1';

/** A start that could not be: one sentence that says so, and nothing else. */
function assertRefused({ code, signal, stdout, stderr }: Ended, sentence: RegExp) {
  assert.deepEqual({ code, signal, stdout }, { code: 1, signal: null, stdout: '' }, stderr);
  assert.match(stderr, /^[^\n]+\.\n$/);
  assert.match(stderr, sentence);
}

const start = (settings: Environment) => runCommand(['start'], { PORT: '0', ...settings });

/** Holds that a start with these settings is refused, and that the database is what it was before. */
async function assertLeavesDatabase(place: Place, settings: Environment, sentence: RegExp) {
  const stored = await place.stored();
  assertRefused(await start({ ...place.settings, ...settings }), sentence);
  assert.deepEqual(await place.stored(), stored);
}

describe('a running server', () => {
  test('on loopback goes by its own names alone', async () => {
    await withServer((await newPlace()).settings, async ({ url }) => {
      const as = (host: string) =>
        new Promise<number>((resolve, reject) => {
          get(`${url}/healthz`, { headers: { Host: host } }, (answer) => resolve(answer.resume().statusCode!)).on(
            'error',
            reject,
          );
        });
      assert.equal(await as('localhost:1234'), 200);
      assert.equal(await as('[::1]:1234'), 200);
      assert.equal(await as('evil.test'), 403);
    });
  });

  test('tells that it is alive and ready, and what it counted', async () => {
    await withServer((await newPlace()).settings, async ({ url }) => {
      assert.deepEqual(await (await fetch(`${url}/healthz`)).json(), { status: 'alive' });
      const ready = await fetch(`${url}/readyz`);
      assert.deepEqual([ready.status, await ready.json()], [200, { status: 'ready' }]);

      await fetch(`${url}/api/v2/contacts`);
      const metrics = await fetch(`${url}/metrics`);
      assert.match(metrics.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
      const text = await metrics.text();
      assert.match(text, /^millrace_request_seconds_count\{route="\/contacts",method="GET",status="401"\} 1$/m);
      assert.match(text, /^# TYPE millrace_limited_total counter$/m);
    });
  });

  test('logs every request as a line of JSON with its id, and nothing about people', async () => {
    const { lines, ids, secrets } = await withServer((await newPlace()).settings, async (server) => {
      const { access_token: token, refresh_token } = await signUp(server.url);
      const { id } = await clientOf(server.url, token).contacts.create({
        email: 'private.person@example.test',
        notes: 'private note',
      });
      const headers = { Authorization: `Bearer ${token}` };
      const answers = [
        await fetch(`${server.url}/api/v2/contacts?search=private-search&tags=private-tag`, { headers }),
        await fetch(`${server.url}/api/v2/contacts/${id}`, { headers }),
        await fetch(`${server.url}/api/v2/nowhere/private.path@example.test`),
        await fetch(`${server.url}/api/v2/contacts`, { headers: { Authorization: 'Bearer private-credential' } }),
        await fetch(`${server.url}/api/v2/auth/sign-in`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ email: 'private.other@example.test', password: 'private-password' }),
        }),
      ];
      const { lines } = server;
      return {
        lines,
        ids: answers.map((answer) => answer.headers.get('x-request-id')!),
        secrets: [token, refresh_token!, id, PERSON.password, PERSON.email],
      };
    });
    const entries = lines.map((line) => JSON.parse(line));
    for (const id of ids) assert.equal(entries.filter(({ request_id, msg }) => request_id === id && msg === 'request').length, 1);
    const requests = entries.filter(({ msg }) => msg === 'request');
    assert.ok(requests.length >= 7);
    for (const entry of requests)
      assert.deepEqual(Object.keys(entry).toSorted(), ['level', 'method', 'ms', 'msg', 'request_id', 'route', 'status', 'time']);
    const written = lines.join('\n');
    for (const secret of [...secrets, 'private', '@', '?', 'Bearer'])
      assert.ok(!written.includes(secret), `the log has "${secret}"`);
  });

  test('answers 503 in the envelope until its database is open', async () => {
    const place = await newPlace();
    const port = await freePort();
    const hold = engine === 'postgres' ? await holdMigrations(place) : await holdSecret(place);
    const server = new ServerProcess({ ...asMigrated(place), PORT: String(port) });
    try {
      await listening(port);
      for (const path of ['/readyz', '/api/v2/contacts', '/']) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get('retry-after'), '1');
        assert.partialDeepStrictEqual(ErrorBody.parse(await answer.json()), { success: false, code: 'UNAVAILABLE' });
      }
    } finally {
      await hold.release();
    }
    assert.equal((await fetch(`${await server.started()}/readyz`)).status, 200);
    assert.equal((await server.stop()).code, 0);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`lets a running request finish at ${signal}, ends with 0 and gives everything free`, async () => {
      const place = await newPlace();
      const port = await freePort();
      const server = await ServerProcess.start({ ...place.settings, PORT: String(port) });
      const { access_token: token } = await signUp(server.url);

      const body = JSON.stringify({ firstname: 'Last' });
      const running = httpRequest(`${server.url}/api/v2/contacts`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          'Content-Length': body.length,
          Expect: '100-continue',
        },
      });
      running.flushHeaders();
      // From here on the server has the request, and waits for its body.
      await once(running, 'continue');
      server.signal(signal);
      await closed(port);
      running.end(body);
      const [answer] = (await once(running, 'response')) as [IncomingMessage];
      answer.resume();

      assert.equal(answer.statusCode, 201);
      assert.deepEqual({ ...(await server.ended), stdout: '' }, { code: 0, signal: null, stdout: '', stderr: '' });
      await withServer({ ...place.settings, PORT: String(port) }, async ({ url }) => {
        assert.deepEqual(
          (await clientOf(url, token).contacts.list()).data.map(({ firstname }) => firstname),
          ['Last'],
        );
      });
    });
  }

  test('ends at once with 0 when it is told to stop while it starts', async () => {
    const place = await newPlace();
    const port = await freePort();
    const hold = engine === 'postgres' ? await holdMigrations(place) : await holdSecret(place);
    const server = new ServerProcess({ ...asMigrated(place), PORT: String(port) });
    try {
      await listening(port);
      server.signal('SIGTERM');
      assert.deepEqual(await server.ended, { code: 0, signal: null, stdout: '', stderr: '' });
    } finally {
      await hold.release();
    }
  });

  test('keeps data and sessions from one start to the next', async () => {
    const place = await newPlace();
    const { token, made } = await withServer(place.settings, async ({ url }) => {
      const { access_token: token } = await signUp(url);
      return {
        token,
        made: await clientOf(url, token).contacts.create({ email: 'kept@example.test', company: 'Kept', tags: ['a', 'b'] }),
      };
    });
    await withServer(place.settings, async ({ url }) => {
      assert.deepEqual(await clientOf(url, token).contacts.get(made.id), made);
      assert.equal((await createClient({ baseUrl: url }).auth.signIn(credentials(PERSON))).user.email, PERSON.email);
    });
  });

  test('puts mail into its data directory while there is no SMTP server', async () => {
    const place = await newPlace();
    await withServer(place.settings, async (server) => {
      const { url } = server;
      const { access_token: token } = await signUp(url);
      await clientOf(url, token).members.invite({ email: 'grace@example.test', role: 'member' });
      await clientOf(url, token).members.invite({ email: 'joan@example.test', role: 'viewer' });
      await server.logged(MAILED, 2);
    });
    const files = await readdir(join(place.directory, 'mail'));
    const mails = await Promise.all(files.map((file) => readFile(join(place.directory, 'mail', file), 'utf8')));
    assert.deepEqual(mails.map((mail) => mail.split('\n')[0]).toSorted(), ['To: grace@example.test', 'To: joan@example.test']);
    assert.match(mails[0]!, /^Subject: Your invitation to Analytical$/m);
    assert.match(mails[0]!, /^http:\/\/127\.0\.0\.1:\d+\/#\/invitation\/[\w-]{43}$/m);
  });

  test('sends mail by the SMTP server it was told', async () => {
    const place = await newPlace();
    const smtp = await startSmtp();
    try {
      const settings = {
        ...place.settings,
        SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
        MAIL_FROM: 'Crew <crew@example.test>',
        PUBLIC_URL: 'https://crm.example.test/',
        PORT: String(await freePort()),
      };
      await withServer(settings, async (server) => {
        const { url } = server;
        const { access_token: token } = await signUp(url);
        await clientOf(url, token).members.invite({ email: 'grace@example.test', role: 'member' });
        await server.logged(MAILED);
      });
    } finally {
      smtp.close();
    }
    assert.equal(smtp.mails.length, 1);
    const { from, to, text } = smtp.mails[0]!;
    assert.deepEqual({ from, to }, { from: '<crew@example.test>', to: '<grace@example.test>' });
    assert.match(text, /^From: Crew <crew@example\.test>\r$/m);
    assert.match(text, /^Subject: Your invitation to Analytical\r$/m);
    assert.match(text.replaceAll('=\r\n', ''), /^https:\/\/crm\.example\.test\/#\/invitation\/[\w-]{43}\r$/m);
    const files = engine === 'pglite' ? await readdir(place.directory) : [];
    assert.ok(!files.includes('mail'));
  });

  test('refuses a port that is taken, and touches nothing', async () => {
    const place = await newPlace();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await assertLeavesDatabase(
      place,
      { PORT: String(port) },
      new RegExp(`^Port ${port} of 127.0.0.1 is taken: stop what uses it, or set PORT to another\\.$`, 'm'),
    );
    const directory = newDirectory();
    assertRefused(await start({ DATA_DIR: directory, PORT: String(port) }), /is taken/);
    await assert.rejects(readdir(directory), { code: 'ENOENT' });
    taken.close();
  });

  test('refuses to show a demo database to the network, and serves it on loopback as before', async () => {
    const place = await newPlace();
    const demo = { name: 'Owner', email: 'owner@demo.test', password: 'millrace-demo' };
    await withServer(place.settings, ({ url }) => signUp(url, demo));
    await assertLeavesDatabase(
      place,
      { HOST: '0.0.0.0' },
      /^owner@demo\.test has the demo password, which everyone knows, and HOST 0\.0\.0\.0 is not loopback: set HOST=127\.0\.0\.1/,
    );
    await withServer(place.settings, async ({ url }) => {
      assert.equal((await createClient({ baseUrl: url }).auth.signIn(credentials(demo))).role, 'owner');
    });
  });

  test('refuses a database of a newer release', async () => {
    const place = await newPlace();
    await place.asOwner("insert into migrations (name, checksum) values ('9999-later.sql', 'later')");
    await assertLeavesDatabase(
      place,
      asMigrated(place),
      /^The database was made by a newer release \(it has 9999-later\.sql\): start that release, or restore a backup\.$/m,
    );
  });

  test('refuses a database that was made by another text of a migration', async () => {
    const place = await newPlace();
    await place.asOwner("update migrations set checksum = 'other' where name = '0001-foundation.sql'");
    await assertLeavesDatabase(
      place,
      asMigrated(place),
      /^The migration 0001-foundation\.sql is not the one that the database was made with: restore the file as released\.$/m,
    );
  });
});

if (engine === 'postgres') describePostgres();
else describeEmbedded();

function describeEmbedded() {
  describe('a data directory', () => {
    test('belongs to one process alone', async () => {
      const place = await newPlace();
      await withServer(place.settings, async ({ url }) => {
        const { access_token: token } = await signUp(url);
        // The database's own files change by the work of the server that has them.
        const besideDatabase = async () =>
          Object.entries(await treeOf(place.directory)).filter(([path]) => !path.startsWith('postgres/'));
        const files = await besideDatabase();
        const refused = /^Another process is using the data directory \S+: stop it, or set DATA_DIR to another directory\.$/m;
        assertRefused(await start(place.settings), refused);
        assertRefused(await runCommand(['migrate'], place.settings), refused);
        assert.deepEqual(await besideDatabase(), files);
        assert.equal((await clientOf(url, token).contacts.list()).pagination.total, 0);
      });
    });

    test('belongs to one process alone also when its lock was removed', async () => {
      const place = await newPlace();
      await withServer(place.settings, async () => {
        await rm(join(place.directory, 'lock'));
        assertRefused(await start(place.settings), /^Another process is using the data directory \S+: stop it/m);
      });
    });

    test('is free again after its process was killed', async () => {
      const place = await newPlace();
      const server = await ServerProcess.start(place.settings);
      const { access_token: token } = await signUp(server.url);
      await clientOf(server.url, token).contacts.create({ firstname: 'Survivor' });
      assert.equal((await server.kill()).signal, 'SIGKILL');
      await withServer(place.settings, async ({ url }) => {
        assert.deepEqual(
          (await clientOf(url, token).contacts.list()).data.map(({ firstname }) => firstname),
          ['Survivor'],
        );
      });
    });

    test('has a secret of its own that only its owner can read, and another in every directory', async () => {
      const place = await newPlace();
      const [secret, info] = [
        await readFile(join(place.directory, 'secret'), 'utf8'),
        await open(join(place.directory, 'secret')).then(async (file) => [await file.stat(), await file.close()] as const),
      ];
      assert.match(secret, /^[\w-]{43}\n$/);
      assert.equal(info[0].mode & 0o077, 0);
      const other = newDirectory();
      await (await ServerProcess.start({ DATA_DIR: other })).stop();
      assert.notEqual(await readFile(join(other, 'secret'), 'utf8'), secret);
    });

    test('can be migrated when it is, which changes nothing', async () => {
      const place = await newPlace();
      const stored = await place.stored();
      assert.deepEqual(await runCommand(['migrate'], place.settings), {
        code: 0,
        signal: null,
        stdout: 'The database is up to date.\n',
        stderr: '',
      });
      assert.deepEqual(await place.stored(), stored);
    });

    test('whose first start was cut short is begun again', async () => {
      const directory = newDirectory();
      await mkdir(directory);
      await cp(join(template, 'postgres'), join(directory, 'postgres.unfinished'), { recursive: true });
      await rm(join(directory, 'postgres.unfinished', 'pg_wal'), { recursive: true });
      await withServer({ DATA_DIR: directory }, async ({ url }) => {
        assert.equal((await signUp(url)).role, 'owner');
      });
      assert.deepEqual((await readdir(directory)).toSorted(), ['lock', 'postgres', 'secret']);
    });

    test('is refused where there is a file, or a file in its way', async () => {
      const parent = newDirectory();
      const file = join(parent, 'file');
      await mkdir(parent);
      await writeFile(file, 'not a directory');
      const files = await treeOf(parent);
      for (const directory of [file, join(file, 'below')]) {
        assertRefused(
          await start({ DATA_DIR: directory }),
          /^The data directory \S+ can't be written to \((?:EEXIST|ENOTDIR)\): make it writable, or set DATA_DIR to another directory\.$/m,
        );
      }
      assert.deepEqual(await treeOf(parent), files);
    });

    test('of another engine version is refused, and left for the release that made it', async () => {
      const { directory, settings } = await newPlace();
      await writeFile(join(directory, 'postgres', 'PG_VERSION'), '17\n');
      const files = await treeOf(directory);
      assertRefused(
        await start(settings),
        /^The data in \S+ was made with PostgreSQL 17 and this release embeds 18: start the release that made it, or set DATA_DIR/,
      );
      assert.deepEqual(await treeOf(directory), files);
    });

    const control = join('global', 'pg_control');
    const DAMAGE: Record<string, (files: string) => Promise<unknown>> = {
      'without PG_VERSION': (files) => rm(join(files, 'PG_VERSION')),
      'with a PG_VERSION of garbage': (files) => writeFile(join(files, 'PG_VERSION'), 'garbage'),
      'without pg_control': (files) => rm(join(files, control)),
      'with a truncated pg_control': (files) => truncate(join(files, control), 100),
      'with a pg_control of garbage': (files) => writeFile(join(files, control), Buffer.alloc(8_192, 7)),
      'that is a file': async (files) => {
        await rm(files, { recursive: true });
        await writeFile(files, 'garbage');
      },
      'that is empty': async (files) => {
        await rm(files, { recursive: true });
        await mkdir(files);
      },
    };
    for (const [what, damage] of Object.entries(DAMAGE)) {
      test(`with a database ${what} is refused, and left as it is`, async () => {
        const { directory, settings } = await newPlace();
        await damage(join(directory, 'postgres'));
        const files = await treeOf(directory);
        assertRefused(
          await start(settings),
          /^The database in \S+ is damaged and can't be opened: put a copy of the directory from a backup in its place, or set DATA_DIR/,
        );
        assert.deepEqual(await treeOf(directory), files);
      });
    }

    const DEEP_DAMAGE: Record<string, (files: string) => Promise<unknown>> = {
      'log is gone': (files) => rm(join(files, 'pg_wal'), { recursive: true }),
      'log is garbage': async (files) => {
        for (const name of await readdir(join(files, 'pg_wal'))) {
          if (/^[\dA-F]{24}$/.test(name)) await writeFile(join(files, 'pg_wal', name), Buffer.alloc(16 * 1_048_576, 9));
        }
      },
      'tables are gone': (files) => rm(join(files, 'base'), { recursive: true }),
      'list of tables is garbage': async (files) => {
        for (const database of await readdir(join(files, 'base')))
          await writeFile(join(files, 'base', database, '1259'), Buffer.alloc(14 * 8_192, 3));
      },
    };
    for (const [what, damage] of Object.entries(DEEP_DAMAGE)) {
      test(`with a database whose ${what} is refused, and its tables are left as they are`, async () => {
        const { directory, settings } = await newPlace();
        const files = join(directory, 'postgres');
        await damage(files);
        const before = await tablesOf(files);
        assertRefused(await start(settings), /^The database in \S+ is damaged and can't be opened/);
        assert.deepEqual(await tablesOf(files), before);
      });
    }

    test('with a lock that is none is refused, and left as it is', async () => {
      for (const make of [(path: string) => mkdir(path), (path: string) => writeFile(path, 'garbage '.repeat(200))]) {
        const { directory, settings } = await newPlace();
        await rm(join(directory, 'lock'));
        await make(join(directory, 'lock'));
        const files = await treeOf(directory);
        assertRefused(
          await start(settings),
          /^The lock \S+ can't be taken \(.+\): stop whatever uses the directory and remove it, or set DATA_DIR to another directory\.$/m,
        );
        assert.deepEqual(await treeOf(directory), files);
      }
    });
  });

  describe('a setting', () => {
    const WRONG: [settings: Environment, sentence: RegExp][] = [
      [{ HOST: 'not a host' }, /^HOST must be a host name or an address like 127\.0\.0\.1, but is "not a host"\.$/m],
      [{ HOST: '203.0.113.7' }, /^HOST 203\.0\.113\.7 is not an address of this machine: set it to one/],
      [{ HOST: 'nowhere.invalid' }, /^HOST nowhere\.invalid is not an address of this machine: set it to one/],
      ...['http', '-1', '65536', '80.5'].map((PORT): [Environment, RegExp] => [
        { PORT },
        /^PORT must be a whole number from 0 to 65535, but is "/,
      ]),
      [{ SIGN_UP: 'yes' }, /^SIGN_UP must be open or closed, but is "yes"\.$/m],
      [{ DEMO: 'true' }, /^DEMO must be 1 or 0, but is "true"\.$/m],
      [
        { DEMO: '1' },
        /^DEMO=1 needs the demo workspace, which only the source repository has: run npm start there, or set DEMO=0\.$/m,
      ],
      [
        { DEMO: '1', HOST: '0.0.0.0' },
        /^DEMO=1 has passwords that everyone knows, so it runs on a loopback HOST only: set HOST=127\.0\.0\.1, or DEMO=0\.$/m,
      ],
      [{ DEMO: '1', HOST: '::' }, /runs on a loopback HOST only/],
      [{ RATE_LIMIT_SIGN_IN: 'lots' }, /^RATE_LIMIT_SIGN_IN must be calls per seconds, like 600\/60, but is "lots"\.$/m],
      [{ RATE_LIMIT_PUBLIC: '0/60' }, /^RATE_LIMIT_PUBLIC must be calls per seconds/],
      [{ RATE_LIMIT_PEOPLE: '600' }, /^RATE_LIMIT_PEOPLE must be calls per seconds/],
      [{ RATE_LIMIT_KEYS: '1000/' }, /^RATE_LIMIT_KEYS must be calls per seconds/],
      [{ REDIS_URL: '127.0.0.1:6379' }, /^REDIS_URL must be an address that begins with redis:\/\/ or rediss:\/\/\.$/m],
      [{ TRUSTED_PROXIES: '10.0.0.2,proxy.example.com' }, /^TRUSTED_PROXIES must be addresses with commas between/],
      [{ TRUSTED_PROXIES: '10.0.0.0/8' }, /^TRUSTED_PROXIES must be/],
      [{ PUBLIC_URL: 'crm.example.com' }, /^PUBLIC_URL must be an address that begins with http:\/\/ or https:\/\/\.$/m],
      [{ PUBLIC_URL: 'ftp://crm.example.com' }, /^PUBLIC_URL must be/],
      [{ SMTP_URL: 'mail.example.com:25' }, /^SMTP_URL must be an address that begins with smtp:\/\/ or smtps:\/\/\.$/m],
      [{ SMTP_URL: 'smtp://user:100%@mail.example.com' }, /^SMTP_URL has a % that begins no escape: write it as %25\.$/m],
      [
        { DATABASE_URL: 'db.example.com/millrace' },
        /^DATABASE_URL must be an address that begins with postgres:\/\/ or postgresql:\/\/\.$/m,
      ],
      [
        { MIGRATE_DATABASE_URL: 'postgres://127.0.0.1/x' },
        /^MIGRATE_DATABASE_URL is set without DATABASE_URL: set both, or neither for the embedded database\.$/m,
      ],
      [{ SECRET: 'short' }, /^SECRET must be at least 32 random characters, or two such secrets/],
      [{ SECRET: `${SECRET},short` }, /^SECRET must be at least 32/],
    ];
    for (const [settings, sentence] of WRONG) {
      const said = Object.entries(settings)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');
      test(`that is wrong is named before anything is made: ${said}`, async () => {
        const directory = newDirectory();
        assertRefused(await start({ DATA_DIR: directory, ...settings }), sentence);
        await assert.rejects(readdir(directory), { code: 'ENOENT' });
      });
    }

    test('that holds a password is not repeated when it is wrong', async () => {
      for (const name of ['DATABASE_URL', 'SMTP_URL', 'PUBLIC_URL', 'REDIS_URL']) {
        const { stderr } = await start({ DATA_DIR: newDirectory(), [name]: 'gopher://user:hunter2@example.com/' });
        assert.ok(stderr.startsWith(name) && !stderr.includes('hunter2'), stderr);
      }
      const { stderr } = await start({ DATA_DIR: newDirectory(), SECRET: 'hunter2' });
      assert.ok(stderr.startsWith('SECRET') && !stderr.includes('hunter2'), stderr);
    });

    test('stands in .env.example with a sentence and its default, each that the server reads and no other', async () => {
      const text = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
      const read = new Set<string>();
      const unset = readSettings(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
      const shown = parseEnv(text);
      assert.deepEqual(Object.keys(shown).toSorted(), [...read].toSorted());
      assert.deepEqual(readSettings(shown), unset);
      for (const [paragraph] of text.matchAll(/(?:.+\n)+/g)) assert.match(paragraph, /^# [^\n]+\.\n[A-Z_]+=.*\n$|^(?:# .+\n)+$/);
      for (const name of [
        'HOST',
        'PORT',
        'DATA_DIR',
        'SIGN_UP',
        'DEMO',
        'RATE_LIMIT_SIGN_IN',
        'RATE_LIMIT_PUBLIC',
        'RATE_LIMIT_PEOPLE',
        'RATE_LIMIT_KEYS',
        'MAIL_FROM',
      ])
        assert.ok(shown[name], `${name} has a default`);
    });
  });

  describe('the command', () => {
    test('says how it is used when it is given what it does not know', async () => {
      for (const words of [['serve'], ['start', 'now'], ['migrate', 'twice']]) {
        const { code, stderr } = await runCommand(words, { DATA_DIR: newDirectory() });
        assert.equal(code, 2);
        assert.match(stderr, /^Usage: millrace-server <command>\n/);
      }
      assert.equal((await runCommand(['help'], {})).code, 0);
    });
  });
}

function describePostgres() {
  const server = process.env['MILLRACE_TEST_POSTGRES_URL']!;

  describe('a PostgreSQL database', () => {
    test('that does not answer is named with what to check', async () => {
      const { settings, directory } = await newPlace();
      const right = new URL(settings['DATABASE_URL']!);
      const wrong = (change: Partial<URL>) => Object.assign(new URL(right), change).href;
      const nowhere = String(await freePort());
      const addresses: [string, RegExp][] = [
        [wrong({ port: nowhere }), /^DATABASE_URL can't be connected to \(ECONNREFUSED\)/],
        [wrong({ hostname: 'localhost', port: nowhere }), /^DATABASE_URL can't be connected to \(ECONNREFUSED\)/],
        [wrong({ password: 'hunter2' }), /^DATABASE_URL can't be connected to \(28P01\)/],
        [wrong({ username: 'nobody_we_know' }), /^DATABASE_URL can't be connected to \(28P01\)/],
        [wrong({ pathname: '/no_such_database' }), /^DATABASE_URL can't be connected to \(3D000\)/],
        [
          wrong({ search: '?sslmode=verify-full' }),
          /^DATABASE_URL can't be connected to \(The server does not support SSL connections\)/,
        ],
      ];
      for (const [address, sentence] of addresses) {
        const ended = await start({ ...settings, DATABASE_URL: address });
        assertRefused(ended, sentence);
        assertRefused(ended, /: check host, port, user, password and database name\.$/m);
        assert.ok(!ended.stderr.includes('hunter2'));
      }
      const ended = await start({ ...settings, MIGRATE_DATABASE_URL: wrong({ username: OWNER, password: 'hunter2' }) });
      assertRefused(ended, /^MIGRATE_DATABASE_URL can't be connected to \(28P01\)/);
      assert.ok(!ended.stderr.includes('hunter2'));
      await assert.rejects(readdir(directory), { code: 'ENOENT' });
    });

    test('needs a secret that every process is given', async () => {
      const { settings } = await newPlace();
      const { SECRET: _, ...without } = settings;
      assertRefused(
        await start(without),
        /^SECRET is required with DATABASE_URL: set it to at least 32 random characters, the same for every process\.$/m,
      );
      assertRefused(await start({ ...settings, SECRET: 'short' }), /^SECRET must be at least 32 random characters/);
    });

    test('is refused with a user whom row-level security does not bind', async () => {
      const place = await newPlace();
      const superuser = addressed(server, undefined, new URL(place.settings['DATABASE_URL']!).pathname.slice(1));
      const unbound =
        /^The user of DATABASE_URL is a superuser or may bypass row-level security, which would let tenants see each other: create a plain user for it\.$/m;
      const owns =
        /^The user of DATABASE_URL owns tables, which would let it step over row-level security: use another user than the owner's\.$/m;

      await assertLeavesDatabase(place, { DATABASE_URL: superuser }, unbound);
      await assertLeavesDatabase(place, { DATABASE_URL: asMigrated(place)['MIGRATE_DATABASE_URL']! }, owns);
      const CASES: [string, RegExp][] = [
        ['bypassrls', unbound],
        [`in role ${OWNER}`, owns],
        [
          '',
          /^The user of DATABASE_URL is not a member of millrace_app and millrace_system: set MIGRATE_DATABASE_URL once, or run millrace-server migrate with it\.$/m,
        ],
      ];
      for (const [rights, sentence] of CASES) {
        const user = `millrace_start_${randomUUID().slice(0, 8)}`;
        await place.asOwner(`create role ${user} login password 'test' ${rights}`);
        try {
          await assertLeavesDatabase(
            place,
            { DATABASE_URL: Object.assign(new URL(superuser), { username: user, password: 'test' }).href },
            sentence,
          );
        } finally {
          await place.asOwner(`drop role ${user}`);
        }
      }
    });

    test('is not migrated for a user who is refused afterwards', async () => {
      await withEmptyDatabase(async ({ settings, stored, superuser }) => {
        const before = await stored();
        const owner = settings['MIGRATE_DATABASE_URL']!;
        assertRefused(await start({ ...settings, DATABASE_URL: superuser }), /^The user of DATABASE_URL is a superuser/);
        assertRefused(await start({ ...settings, DATABASE_URL: owner }), /^The user of DATABASE_URL owns tables/);
        assertRefused(
          await start({ ...settings, DATABASE_URL: Object.assign(new URL(owner), { password: 'wrong' }).href }),
          /^DATABASE_URL can't be connected to/,
        );
        assert.deepEqual(await stored(), before);
      });
    });

    test('without the schema is refused until its owner brings it', async () => {
      await withEmptyDatabase(async ({ settings, stored }) => {
        const { MIGRATE_DATABASE_URL: _, ...without } = settings;
        const before = await stored();
        assertRefused(
          await start(without),
          /^The database has no Millrace schema yet: set MIGRATE_DATABASE_URL to its owner's address, or run millrace-server migrate with it\.$/m,
        );
        assertRefused(
          await runCommand(['migrate'], without),
          /^MIGRATE_DATABASE_URL is required to migrate: set it to the address of the database's owner\.$/m,
        );
        assert.deepEqual(await stored(), before);
        await withServer(settings, async ({ url }) => {
          assert.equal((await signUp(url)).role, 'owner');
        });
        await withServer(without, async ({ url }) => {
          assert.equal((await createClient({ baseUrl: url }).auth.signIn(credentials(PERSON))).role, 'owner');
        });
      });
    });

    test('that lacks a migration is refused until its owner brings it', async () => {
      const place = await newPlace();
      await place.asOwner("delete from migrations where name = '0002-contacts-companies.sql'");
      await assertLeavesDatabase(
        place,
        {},
        /^The database lacks the migration 0002-contacts-companies\.sql: set MIGRATE_DATABASE_URL to its owner's address, or run millrace-server migrate with it\.$/m,
      );
    });

    test('with a table whose row-level security is not forced is refused', async () => {
      const place = await newPlace();
      await place.asOwner('alter table contacts no force row level security');
      await assertLeavesDatabase(
        place,
        {},
        /^Row-level security is not forced on every table of the database: restore the schema as released\.$/m,
      );
    });

    test('is migrated once by two processes that come at the same time', async () => {
      await withEmptyDatabase(async ({ settings, superuser }) => {
        const ended = await Promise.all([runCommand(['migrate'], settings), runCommand(['migrate'], settings)]);
        assert.deepEqual(
          ended.map(({ code, stderr }) => [code, stderr]),
          [
            [0, ''],
            [0, ''],
          ],
        );
        const names = (await readMigrations()).map(({ name }) => name);
        assert.deepEqual(ended.map(({ stdout }) => stdout).toSorted(), [
          `Applied ${names.join(', ')}.\n`,
          'The database is up to date.\n',
        ]);
        assert.deepEqual(
          (await asUser(superuser, 'select name from migrations order by name')).map(({ name }) => name),
          names,
        );
      });
    });

    test('is migrated by the first of two servers that start on it, and served by both', async () => {
      await withEmptyDatabase(async ({ settings }) => {
        const servers = await Promise.all([ServerProcess.start(settings), ServerProcess.start(settings)]);
        const [one, other] = servers as [(typeof servers)[0], (typeof servers)[0]];
        const { access_token: token } = await signUp(one.url);
        const made = await clientOf(one.url, token).contacts.create({ firstname: 'Shared' });
        assert.deepEqual(await clientOf(other.url, token).contacts.get(made.id), made);
        for (const server of servers) assert.equal((await server.stop()).code, 0);
      });
    });
  });
}

interface EmptyDatabase {
  settings: Environment;
  superuser: string;
  stored(): Promise<unknown>;
}

/** Lends a PostgreSQL database with nothing in it, of a server that knows the test users. */
async function withEmptyDatabase(work: (database: EmptyDatabase) => Promise<void>) {
  const { settings } = await newPlace();
  const server = process.env['MILLRACE_TEST_POSTGRES_URL']!;
  const name = `millrace_empty_${randomUUID().replaceAll('-', '')}`;
  const at = (address: string) => Object.assign(new URL(address), { pathname: `/${name}` }).href;
  await asUser(server, `create database ${name} owner ${OWNER}`);
  try {
    const urls = { DATABASE_URL: at(settings['DATABASE_URL']!), MIGRATE_DATABASE_URL: addressed(server, OWNER, name) };
    await work({ settings: { ...settings, ...urls }, superuser: at(server), stored: () => asUser(at(server), CATALOGUE) });
  } finally {
    await asUser(server, `drop database ${name} with (force)`);
  }
}

async function asUser(address: string, sql: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Keeps a server from opening its PostgreSQL database: it waits for another that migrates. */
async function holdMigrations(place: Place) {
  const client = new pg.Client({ connectionString: asMigrated(place)['MIGRATE_DATABASE_URL']! });
  await client.connect();
  await client.query('select pg_advisory_lock(4727837240)');
  return { release: () => client.end() };
}

/** Keeps a server from opening its data directory: its secret is a pipe into which nothing has been written. */
async function holdSecret({ directory }: Place) {
  const file = join(directory, 'secret');
  const secret = await readFile(file);
  await rm(file);
  execFileSync('mkfifo', [file]);
  return {
    release: async () => {
      // Opened for both ends, which waits for nobody, so that this ends also where the server has gone.
      const pipe = await open(file, 'r+');
      await pipe.write(secret);
      const whole = `${file}.whole`;
      await writeFile(whole, secret);
      await rename(whole, file);
      await pipe.close();
    },
  };
}

/** The files of tables and indexes; the engine's caches beside them may be made anew. */
async function tablesOf(files: string): Promise<Record<string, string>> {
  const tree = await treeOf(files);
  return Object.fromEntries(
    Object.entries(tree).filter(([path]) => path.startsWith('base/') && !path.endsWith('pg_internal.init')),
  );
}
