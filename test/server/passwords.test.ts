import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { argon2Passwords } from '../../server/auth/argon2.ts';
import { newServer } from '../support/server.ts';

describe('passwords', () => {
  test('are stored as argon2id at no less than the recommended cost', async () => {
    const stored = await argon2Passwords.hash('correct horse battery');
    const [, memory, passes, lanes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$[\w+/]{22}\$[\w+/]{43}$/.exec(stored) ?? [];
    assert.ok(Number(memory) >= 19_456, stored);
    assert.ok(Number(passes) >= 2, stored);
    assert.equal(Number(lanes), 1, stored);
  });

  test('are stored differently each time', async () => {
    assert.notEqual(await argon2Passwords.hash('the same password'), await argon2Passwords.hash('the same password'));
  });

  test('verify only as they were given, to the last character', async () => {
    const password = `${'å¤🌞 '.repeat(49)}end!`;
    const stored = await argon2Passwords.hash(password);
    assert.equal(await argon2Passwords.verify(stored, password), true);
    for (const wrong of [`${password} `, password.slice(0, -1), password.toUpperCase(), password.normalize('NFD'), '']) {
      assert.equal(await argon2Passwords.verify(stored, wrong), false, wrong);
    }
  });

  test('sign in over the real hashes', async () => {
    const { visitor, database } = await newServer({ passwords: argon2Passwords });
    const person = { email: 'argon@example.test', password: 'a password of mine' };
    await visitor.auth.signUp({ ...person, name: 'Argon', workspace: 'Hashes' });

    const [{ password_hash }] = (await database.asOwner('select password_hash from users')) as [{ password_hash: string }];
    assert.match(password_hash, /^\$argon2id\$/);
    assert.equal((await visitor.auth.signIn(person)).user.email, person.email);
    await assert.rejects(visitor.auth.signIn({ ...person, password: 'a password of theirs' }), { code: 'UNAUTHORIZED' });
  });
});
