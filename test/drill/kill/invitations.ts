import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../../../src/client/index.ts';
import type { Read } from './homes.ts';

/** Who was invited, and whether it was acknowledged. */
export class Invitations {
  readonly #acknowledged = new Map<string, boolean>();

  get count() {
    return [...this.#acknowledged.values()].filter(Boolean).length;
  }

  async invite(client: Client, email: string) {
    this.#acknowledged.set(email, false);
    await client.members.invite({ email, role: 'viewer' });
    this.#acknowledged.set(email, true);
  }

  /** What is wrong once every job is done: who is invited and has no mail with their invitation, or has mail and is not invited. */
  async faults(look: Read, mailDirectory: string): Promise<string[]> {
    const invited = new Map<string, string>();
    for (const { email, invitation_hash } of await look(`select email, invitation_hash from members where status = 'invited'`))
      invited.set(email, invitation_hash);
    const mailed = new Map<string, Set<string>>();
    for (const file of await readdir(mailDirectory)) {
      const text = await readFile(join(mailDirectory, file), 'utf8');
      // One that a kill cut off in the middle was sent again, whole.
      const [, email, token] = /^To: (\S+)[^]*#\/invitation\/([\w-]{43})\n/.exec(text) ?? [];
      if (email) mailed.set(email, (mailed.get(email) ?? new Set()).add(createHash('sha256').update(token!).digest('base64url')));
    }
    const faults: string[] = [];
    for (const [email, isAcknowledged] of this.#acknowledged) {
      const hash = invited.get(email);
      if (isAcknowledged && hash === undefined) faults.push(`${email} was acknowledged as invited and is not`);
      if (hash !== undefined && !mailed.get(email)?.has(hash)) faults.push(`${email} is invited and was not mailed`);
      if (hash === undefined && mailed.has(email)) faults.push(`${email} was mailed and is not invited`);
    }
    return faults;
  }
}
