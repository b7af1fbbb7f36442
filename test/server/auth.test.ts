import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { decodeJwt, SignJWT } from 'jose';
import { hashOf } from '../../server/secret-tokens.ts';
import { bearing, json } from '../support/calls.ts';
import { newServer, ORIGIN, PASSWORD, type TestServer, type TestWorkspace } from '../support/server.ts';

const SECRET = 'a secret for tests that is long enough';
const MINUTE = 60_000;

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const signIn = async (email = ours.member.email, password = PASSWORD) => {
  const { refresh_token, ...session } = await server.visitor.auth.signIn({ email, password });
  return { ...session, refresh_token: refresh_token! };
};
const refresh = async (refresh_token: string, on = server) => {
  const session = await on.visitor.auth.refresh({ refresh_token });
  return { ...session, refresh_token: session.refresh_token! };
};
const me = (token: string, on = server) => on.fetch('/api/v2/auth/me', { headers: bearing(token) });
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;
const backdate = async (column: 'spent_at' | 'expires_at', token: string, interval: string) => {
  const { length } = await server.database.asOwner(
    `update refresh_tokens set ${column} = ${column} - interval '${interval}' where hash = $1 and ${column} is not null returning hash`,
    [await hashOf(token)],
  );
  assert.equal(length, 1);
};

describe('signing in', () => {
  test('tells who signed in, where, and what they may do there', async () => {
    const session = await signIn();
    assert.partialDeepStrictEqual(session, {
      user: { id: ours.member.userId, email: ours.member.email, name: 'Test member' },
      workspace: { id: ours.id, name: ours.name },
      role: 'member',
      workspaces: [{ id: ours.id, name: ours.name, role: 'member' }],
      expires_in: 600,
    });
    assert.ok(session.permissions.includes('crm:contacts:edit'));
    assert.ok(!session.permissions.includes('crm:contacts:delete'));

    const { access_token: _, refresh_token: __, expires_in: ___, ...rest } = session;
    const answer = (await (await me(session.access_token)).json()) as { data: unknown };
    assert.deepEqual(answer.data, rest);
  });

  test('takes an address in any case and with blanks around it', async () => {
    assert.equal((await signIn(`  ${ours.viewer.email.toUpperCase()} `)).user.id, ours.viewer.userId);
  });

  test('answers a wrong password and an unknown address alike', async () => {
    const attempt = (email: string) =>
      server.fetch('/api/v2/auth/sign-in', json('POST', { email, password: 'not the password' }));
    const [wrong, unknown] = await Promise.all([attempt(ours.member.email), attempt('nobody@example.test')]);
    assert.equal(wrong.status, 401);
    assert.equal(unknown.status, 401);
    const [{ metadata: _, ...first }, { metadata: __, ...second }] = (await Promise.all([wrong.json(), unknown.json()])) as any[];
    assert.deepEqual(first, { success: false, error: 'E-mail or password is wrong.', code: 'UNAUTHORIZED' });
    assert.deepEqual(second, first);
  });

  test('compares a password also where there is no account, so that both answers take as long', async () => {
    const compared: string[] = [];
    const counting = await newServer({
      database: server.database,
      passwords: { hash: async () => 'a hash of nothing', verify: async (stored) => (compared.push(stored), false) },
    });
    await assert.rejects(counting.visitor.auth.signIn({ email: 'nobody@example.test', password: PASSWORD }), {
      code: 'UNAUTHORIZED',
    });
    assert.deepEqual(compared, ['a hash of nothing']);
  });

  test('begins in the workspace that is asked for, and in none that is not the own', async () => {
    const theirs = await server.newWorkspace();
    const given = { email: ours.member.email, password: PASSWORD };
    assert.equal((await server.visitor.auth.signIn({ ...given, workspace_id: ours.id })).workspace.id, ours.id);
    await assert.rejects(server.visitor.auth.signIn({ ...given, workspace_id: theirs.id }), { code: 'NOT_FOUND' });
    await assert.rejects(server.visitor.auth.signIn({ ...given, workspace_id: randomUUID() }), { code: 'NOT_FOUND' });
  });

  test('names every field that is missing or wrong', async () => {
    await assert.rejects(server.visitor.auth.signIn({ email: 'x', role: 'owner' } as any), (error: any) => {
      assert.deepEqual(Object.keys(error.details).sort(), ['email', 'password', 'role']);
      return true;
    });
  });

  test('stores no token as it is', async () => {
    const { access_token, refresh_token } = await signIn();
    const next = await refresh(refresh_token);
    const stored = JSON.stringify([
      await server.database.asOwner('select * from refresh_tokens'),
      await server.database.asOwner('select * from sessions'),
    ]);
    for (const secret of [access_token, refresh_token, next.access_token, next.refresh_token])
      assert.ok(!stored.includes(secret));
  });
});

describe('an access token', () => {
  test('ends after ten minutes with TOKEN_EXPIRED', async () => {
    const late = await newServer({ database: server.database });
    const { access_token } = await signIn();
    assert.equal((await me(access_token, late)).status, 200);
    late.later(9 * MINUTE);
    assert.equal((await me(access_token, late)).status, 200);
    late.later(1 * MINUTE);
    const ended = await me(access_token, late);
    assert.equal(ended.status, 401);
    assert.equal(ended.headers.get('WWW-Authenticate'), 'Bearer');
    assert.equal(await codeOf(ended), 'TOKEN_EXPIRED');

    const other = await newServer({ database: server.database });
    other.later(11 * MINUTE);
    assert.equal(await codeOf(await me(access_token, other)), 'TOKEN_EXPIRED', 'also where it was never seen before');
  });

  test('that was tampered with, or made by anyone else, is no credential', async () => {
    const { access_token } = await signIn();
    const [head, payload, signature] = access_token.split('.') as [string, string, string];
    const claims = decodeJwt(access_token);
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const key = new TextEncoder().encode(SECRET);
    const signed = (alg: string, more: object = {}, header: object = {}, by = key) =>
      new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg, typ: 'JWT', ...header }).sign(by);
    assert.equal((await me(await signed('HS256'))).status, 200, 'made here as the server makes them');

    const bad: Record<string, string> = {
      'other claims': `${head}.${encoded({ ...claims, ws: randomUUID() })}.${signature}`,
      'other signature': `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      'cut signature': `${head}.${payload}.${signature.slice(0, -4)}`,
      'alg none without signature': `${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.`,
      'alg none with a signature': `${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`,
      'alg HS512': await signed('HS512'),
      'alg HS384': await signed('HS384'),
      'other audience': await signed('HS256', { aud: 'another service' }),
      'no audience': await signed('HS256', { aud: undefined }),
      'other type': await signed('HS256', {}, { typ: 'other+jwt' }),
      'no end': await signed('HS256', { exp: undefined }),
      'other secret': await signed('HS256', {}, {}, new TextEncoder().encode('another secret that is long enough')),
      'other workspace': await signed('HS256', { ws: (await server.newWorkspace()).id }),
      'other user': await signed('HS256', { sub: ours.owner.userId }),
      'unknown session': await signed('HS256', { sid: randomUUID() }),
      'a refresh token': (await signIn()).refresh_token,
    };
    for (const [what, token] of Object.entries(bad)) {
      const answer = await me(token);
      assert.equal(answer.status, 401, what);
      assert.equal(answer.headers.get('WWW-Authenticate'), 'Bearer', what);
      assert.equal(await codeOf(answer), 'UNAUTHORIZED', what);
    }
  });

  test('counts in the header Authorization alone, with the scheme Bearer', async () => {
    const { access_token } = await signIn();
    for (const Authorization of [
      '',
      access_token,
      `Basic ${access_token}`,
      `Bearer ${access_token} more`,
      'Bearer',
      'Bearer null',
    ]) {
      const answer = await server.fetch('/api/v2/auth/me', { headers: { Authorization } });
      assert.equal(await codeOf(answer), 'UNAUTHORIZED', Authorization);
    }
    assert.equal((await server.fetch(`/api/v2/auth/me?access_token=${access_token}`)).status, 401);
    assert.equal((await server.fetch('/api/v2/auth/me', { headers: { Authorization: `bearer ${access_token}` } })).status, 200);
  });
});

describe('a refresh token', () => {
  test('is spent by its use and answers the next', async () => {
    const first = await signIn();
    const second = await refresh(first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(second.user.id, first.user.id);
    assert.equal((await me(second.access_token)).status, 200);
    assert.notEqual((await refresh(second.refresh_token)).refresh_token, second.refresh_token);
  });

  test('answers the same successor again for thirty seconds, also to twenty at once', async () => {
    const { refresh_token } = await signIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    assert.equal(new Set(answers.map((one) => one.refresh_token)).size, 1);
    await backdate('spent_at', refresh_token, '25 seconds');
    const again = await refresh(refresh_token);
    assert.equal(again.refresh_token, answers[0]!.refresh_token);
    assert.equal((await me((await refresh(again.refresh_token)).access_token)).status, 200);
  });

  test('used again later ends its whole family, access tokens included, and no other', async () => {
    const first = await signIn();
    const elsewhere = await signIn();
    const second = await refresh(first.refresh_token);
    assert.equal((await me(second.access_token)).status, 200);

    await backdate('spent_at', first.refresh_token, '31 seconds');
    await assert.rejects(refresh(first.refresh_token), { code: 'UNAUTHORIZED' });
    await assert.rejects(refresh(second.refresh_token), { code: 'UNAUTHORIZED' });
    for (const token of [first.access_token, second.access_token]) assert.equal(await codeOf(await me(token)), 'UNAUTHORIZED');
    assert.equal((await me(elsewhere.access_token)).status, 200);
    await refresh(elsewhere.refresh_token);
  });

  test('lasts thirty days, and then no longer', async () => {
    const { refresh_token } = await signIn();
    await backdate('expires_at', refresh_token, '29 days 23 hours');
    const next = await refresh(refresh_token);
    await backdate('expires_at', next.refresh_token, '30 days');
    await assert.rejects(refresh(next.refresh_token), { code: 'UNAUTHORIZED' });
  });

  test('that nobody gave is refused', async () => {
    await assert.rejects(refresh('made-up'), { code: 'UNAUTHORIZED' });
    await assert.rejects(server.visitor.auth.refresh({}), { code: 'UNAUTHORIZED' });
    await assert.rejects(refresh((await signIn()).access_token), { code: 'VALIDATION_ERROR' });
  });
});

describe('signing out', () => {
  test('ends the session with its access tokens, and only that one', async () => {
    const session = await signIn();
    const elsewhere = await signIn();
    assert.equal((await me(session.access_token)).status, 200);
    await server.visitor.auth.signOut({ refresh_token: session.refresh_token });
    assert.equal(await codeOf(await me(session.access_token)), 'UNAUTHORIZED');
    await assert.rejects(refresh(session.refresh_token), { code: 'UNAUTHORIZED' });
    assert.equal((await me(elsewhere.access_token)).status, 200);
  });

  test('may be repeated, with any token of the session or none', async () => {
    const { refresh_token } = await signIn();
    const next = await refresh(refresh_token);
    await server.visitor.auth.signOut({ refresh_token });
    await server.visitor.auth.signOut({ refresh_token });
    await server.visitor.auth.signOut({ refresh_token: 'made-up' });
    await server.visitor.auth.signOut({});
    assert.equal(await codeOf(await me(next.access_token)), 'UNAUTHORIZED');
  });
});

describe('a new secret', () => {
  const NEXT = 'another secret for tests, also long enough';

  test('signs, while what the former one signed goes on', async () => {
    const { access_token, refresh_token } = await signIn();
    const rotated = await newServer({ database: server.database, secrets: [NEXT, SECRET] });
    assert.equal((await me(access_token, rotated)).status, 200);
    const next = await refresh(refresh_token, rotated);
    assert.equal((await me(next.access_token, rotated)).status, 200);
    assert.equal((await me(next.access_token)).status, 401, 'the former server does not know the new secret');
  });

  test('leaves a token that was spent under the former one its successor', async () => {
    const { refresh_token } = await signIn();
    const spent = await refresh(refresh_token);
    const rotated = await newServer({ database: server.database, secrets: [NEXT, SECRET] });
    assert.equal((await refresh(refresh_token, rotated)).refresh_token, spent.refresh_token);
  });

  test('alone refuses what the former one signed', async () => {
    const { access_token } = await signIn();
    const replaced = await newServer({ database: server.database, secrets: [NEXT] });
    assert.equal(await codeOf(await me(access_token, replaced)), 'UNAUTHORIZED');
  });
});

describe('a session in a cookie', () => {
  const begin = async (on = server, headers: Record<string, string> = {}) => {
    const response = await on.fetch(
      '/api/v2/auth/sign-in',
      json('POST', { email: ours.member.email, password: PASSWORD, session: 'cookie' }, headers),
    );
    return { response, cookie: response.headers.getSetCookie() };
  };
  const pairOf = ([cookie]: string[]) => cookie!.split(';')[0]!;
  const go = (pair: string, headers: Record<string, string> = {}) =>
    server.fetch('/api/v2/auth/refresh', json('POST', {}, { Cookie: pair, ...headers }));

  test('keeps its refresh token from the answer and from scripts', async () => {
    const { response, cookie } = await begin();
    const { data } = (await response.json()) as any;
    assert.equal(typeof data.access_token, 'string');
    assert.ok(!('refresh_token' in data));
    assert.equal(cookie.length, 1);
    const [pair, ...flags] = cookie[0]!.split('; ');
    assert.match(pair!, /^millrace_refresh=[\w-]{43}$/);
    assert.deepEqual(flags.sort(), ['HttpOnly', `Max-Age=${30 * 86_400}`, 'Path=/api/v2/auth', 'SameSite=Strict']);
  });

  test('is sent over https only where the server is reached by https', async () => {
    const secure = await newServer({ database: server.database, publicUrl: 'https://crm.example.test' });
    assert.match((await begin(secure)).cookie[0]!, /; Secure(;|$)/);
  });

  test('goes on by its cookie, which each refresh replaces', async () => {
    const { cookie } = await begin();
    const response = await go(`theme=dark; ${pairOf(cookie)}; other=1`, { Origin: ORIGIN });
    assert.equal(response.status, 200);
    const { data } = (await response.json()) as any;
    assert.ok(!('refresh_token' in data));
    assert.equal((await me(data.access_token)).status, 200);
    const next = response.headers.getSetCookie();
    assert.notEqual(pairOf(next), pairOf(cookie));
    assert.equal((await go(pairOf(next))).status, 200);
  });

  test('is refused to pages of another origin, and left as it was', async () => {
    const origin = 'https://ours.example.test';
    await ours.client.workspace.update({ allowed_origins: [origin] });
    const { cookie } = await begin();
    for (const [what, headers] of Object.entries({
      allowed: { Origin: origin },
      unknown: { Origin: 'https://evil.test' },
      port: { Origin: `${ORIGIN}:8080` },
      null: { Origin: 'null' },
    })) {
      const response = await go(pairOf(cookie), headers);
      assert.equal(response.status, 403, what);
      assert.equal(await codeOf(response), 'ORIGIN_NOT_ALLOWED', what);
      assert.deepEqual(response.headers.getSetCookie(), [], what);
    }
    const begun = await begin(server, { Origin: origin });
    assert.equal(begun.response.status, 403);
    assert.deepEqual(begun.cookie, []);
    const signedOut = await server.fetch('/api/v2/auth/sign-out', json('POST', {}, { Cookie: pairOf(cookie), Origin: origin }));
    assert.equal(signedOut.status, 403);
    assert.equal((await go(pairOf(cookie))).status, 200);
  });

  test('is cleared by signing out', async () => {
    const { response, cookie } = await begin();
    const { data } = (await response.json()) as any;
    const signedOut = await server.fetch('/api/v2/auth/sign-out', json('POST', {}, { Cookie: pairOf(cookie) }));
    assert.equal(signedOut.status, 204);
    assert.match(
      signedOut.headers.getSetCookie()[0]!,
      /^millrace_refresh=; Path=\/api\/v2\/auth; Max-Age=0; HttpOnly; SameSite=Strict$/,
    );
    assert.equal((await go(pairOf(cookie))).status, 401);
    assert.equal((await me(data.access_token)).status, 401);
  });
});

describe('changing the password', () => {
  const NEXT = 'an even better battery';

  test('ends the other sessions, keeps this one, and the old password is over', async () => {
    const theirs = await server.newWorkspace();
    const { email, client } = theirs.member;
    const other = await signIn(email);
    assert.equal((await me(other.access_token)).status, 200);
    await client.auth.changePassword({ current_password: PASSWORD, new_password: NEXT });

    assert.equal(await codeOf(await me(other.access_token)), 'UNAUTHORIZED');
    await assert.rejects(refresh(other.refresh_token), { code: 'UNAUTHORIZED' });
    assert.equal((await client.auth.me()).user?.email, email);
    await assert.rejects(signIn(email), { code: 'UNAUTHORIZED' });
    assert.equal((await signIn(email, NEXT)).user.email, email);
    assert.equal((await signIn(theirs.viewer.email)).user.email, theirs.viewer.email, 'nobody else is touched');
  });

  test('may be repeated, since the first answer can be lost', async () => {
    const { client, email } = (await server.newWorkspace()).member;
    const given = { current_password: PASSWORD, new_password: NEXT };
    await client.auth.changePassword(given);
    const meanwhile = await signIn(email, NEXT);
    await client.auth.changePassword(given);
    assert.equal((await me(meanwhile.access_token)).status, 200, 'the repeat changes nothing');
  });

  test('needs the current one and a new one of ten characters', async () => {
    const { client, email } = ours.viewer;
    await assert.rejects(client.auth.changePassword({ current_password: 'not it', new_password: NEXT }), {
      code: 'VALIDATION_ERROR',
      details: { current_password: 'The current password is wrong.' },
    });
    await assert.rejects(client.auth.changePassword({ current_password: PASSWORD, new_password: 'too short' }), {
      details: { new_password: 'New password must have at least 10 characters.' },
    });
    assert.equal((await signIn(email)).user.email, email);
  });
});

describe('switching the workspace', () => {
  test('begins a session there and leaves this one', async () => {
    const theirs = await server.newWorkspace();
    await theirs.client.members.invite({ email: ours.manager.email, role: 'viewer' });
    await server.app.worker.runDue();
    const { token } = /invitation\/(?<token>\S+)/.exec(server.mails.at(-1)!.text)!.groups!;
    await server.visitor.members.acceptInvitation(token!, { password: PASSWORD });

    const { workspaces } = await ours.manager.client.auth.me();
    assert.deepEqual(workspaces, [
      { id: ours.id, name: ours.name, role: 'manager' },
      { id: theirs.id, name: theirs.name, role: 'viewer' },
    ]);
    const there = await ours.manager.client.auth.switchWorkspace({ workspace_id: theirs.id });
    assert.partialDeepStrictEqual(there, { workspace: { id: theirs.id }, role: 'viewer', user: { id: ours.manager.userId } });
    assert.equal((await me(there.access_token)).status, 200);
    assert.equal((await refresh(there.refresh_token!)).workspace.id, theirs.id);
    assert.equal((await ours.manager.client.auth.me()).workspace.id, ours.id);
  });

  test('leads nowhere that the caller is no member of', async () => {
    const theirs = await server.newWorkspace();
    await assert.rejects(ours.client.auth.switchWorkspace({ workspace_id: theirs.id }), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.auth.switchWorkspace({ workspace_id: randomUUID() }), { code: 'NOT_FOUND' });
  });
});

describe('signing up', () => {
  const person = (email = `${randomUUID()}@example.test`) => ({
    name: 'New Person',
    email,
    password: PASSWORD,
    workspace: 'New Workspace',
  });

  test('makes a user who owns a workspace of their own', async () => {
    const open = await newServer({ database: server.database, signUp: 'open' });
    const given = person();
    const session = await open.visitor.auth.signUp({ ...given, locale: 'de', timezone: 'Europe/Berlin' });
    assert.partialDeepStrictEqual(session, {
      role: 'owner',
      user: { name: given.name, email: given.email, locale: 'de', timezone: 'Europe/Berlin' },
      workspace: { name: given.workspace },
      workspaces: [{ name: given.workspace, role: 'owner' }],
    });
    assert.equal((await me(session.access_token)).status, 200);
    assert.equal((await signIn(given.email)).workspace.id, session.workspace.id);
  });

  test('is closed unless it was opened, but never to the first', async () => {
    await assert.rejects(server.visitor.auth.signUp(person()), { code: 'FORBIDDEN' });
    const fresh = await newServer();
    assert.equal((await fresh.visitor.auth.signUp(person())).role, 'owner');
    await assert.rejects(fresh.visitor.auth.signUp(person()), { code: 'FORBIDDEN' });
  });

  test('refuses an address that has an account, whatever its case, and makes nothing of it', async () => {
    const open = await newServer({ database: server.database, signUp: 'open' });
    const email = `Twice.${randomUUID()}@Example.test`;
    await open.visitor.auth.signUp(person(email));
    const count = async () => (await server.database.asOwner('select count(*)::integer as count from workspaces'))[0].count;
    const counted = await count();
    const taken = { code: 'DUPLICATE', details: { email: 'Email is already taken.' }, existingId: undefined };
    await assert.rejects(open.visitor.auth.signUp(person(email.toLowerCase())), taken);
    assert.equal(await count(), counted);
  });

  test('at the same moment with one address makes one user', async () => {
    const open = await newServer({ database: server.database, signUp: 'open' });
    const email = `race.${randomUUID()}@example.test`;
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => open.visitor.auth.signUp(person(email))));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of outcomes) if (one.status === 'rejected') assert.equal(one.reason.code, 'DUPLICATE');
  });

  test('of two first ones at the same moment lets one in where it is closed', async () => {
    const fresh = await newServer();
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => fresh.visitor.auth.signUp(person())));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('gives nobody what they may not choose', async () => {
    const open = await newServer({ database: server.database, signUp: 'open' });
    await assert.rejects(open.visitor.auth.signUp({ ...person(), role: 'owner', workspace_id: ours.id } as any), (error: any) => {
      assert.deepEqual(Object.keys(error.details).sort(), ['role', 'workspace_id']);
      return true;
    });
    await assert.rejects(open.visitor.auth.signUp({ ...person(), password: 'short' }), { code: 'VALIDATION_ERROR' });
  });
});

describe('what changes about a member', () => {
  const twoProcesses = async () => {
    const here = await server.newWorkspace();
    const elsewhere = await newServer({ database: server.database });
    return { here, elsewhere, idOf: async (email: string) => (await here.client.members.list({ search: email })).data[0]!.id };
  };
  const remark = (token: string, on: TestServer) =>
    on.fetch('/api/v2/contacts', json('POST', { firstname: 'A' }, bearing(token)));

  test('a role is noticed at once in this process, and within five seconds in another', async () => {
    const { here, elsewhere, idOf } = await twoProcesses();
    const { token, email } = here.member;
    for (const on of [server, elsewhere]) assert.equal((await remark(token, on)).status, 201);
    await here.client.members.update(await idOf(email), { role: 'viewer' });

    const refused = await remark(token, server);
    assert.equal(refused.status, 403);
    assert.match(((await refused.json()) as any).error, /crm:contacts:create/);
    elsewhere.later(5_000);
    assert.equal((await remark(token, elsewhere)).status, 403);
  });

  test('a removal is noticed at once in this process, and within five seconds in another', async () => {
    const { here, elsewhere, idOf } = await twoProcesses();
    const { token, email } = here.member;
    const session = await signIn(email);
    for (const on of [server, elsewhere]) assert.equal((await me(token, on)).status, 200);
    await here.client.members.remove(await idOf(email));

    assert.equal(await codeOf(await me(token)), 'UNAUTHORIZED');
    elsewhere.later(5_000);
    assert.equal(await codeOf(await me(token, elsewhere)), 'UNAUTHORIZED');
    await assert.rejects(refresh(session.refresh_token), { code: 'UNAUTHORIZED' });
    await assert.rejects(signIn(email), { code: 'FORBIDDEN' });
  });

  test('a sign-out elsewhere is noticed within five seconds', async () => {
    const { here, elsewhere } = await twoProcesses();
    const session = await signIn(here.member.email);
    assert.equal((await me(session.access_token, elsewhere)).status, 200);
    await server.visitor.auth.signOut({ refresh_token: session.refresh_token });
    elsewhere.later(5_000);
    assert.equal(await codeOf(await me(session.access_token, elsewhere)), 'UNAUTHORIZED');
  });
});
