import { sql } from 'kysely';
import { change } from '../db/records.ts';
import type { Tenant } from '../db/tenant.ts';
import { notFound } from '../http/failure.ts';
import { uniteNotes, uniteTags } from './contact-union.ts';
import { holdContacts } from './held-contact.ts';

/** What a contact gets from the lead that made it a client. */
export interface Brought {
  tags: readonly string[];
  notes: string | null;
  ownerId: string | null;
}

/** How contacts become clients. */
export class ContactClientService {
  /** Makes a contact an active client with what its lead brings, and answers what it has no room for. Whoever calls tells of it. */
  async makeClient(tenant: Tenant, id: string, { tags, notes, ownerId }: Brought) {
    const [contact] = await holdContacts(tenant, [id]);
    if (!contact) throw notFound('contact');
    const joined = uniteNotes(contact.notes, notes);
    const united = uniteTags(contact.tags, tags);
    await change(tenant, 'contacts', contact, { type: 'client', status: 'active', tags: united.tags, notes: joined.notes });
    if (ownerId !== null)
      await sql`insert into contact_assignments (contact_id, user_id) values (${id}, ${ownerId}) on conflict do nothing`.execute(
        tenant.db,
      );
    return { tags: united.left, notes: joined.left };
  }
}
