import { html } from 'lit';
import type { Client } from 'millrace/client';
import { capitalised, facts, Panel, timeline } from './panel.ts';

type ContactDetail = Awaited<ReturnType<Client['contacts']['get']>>;

const day = new Intl.DateTimeFormat('en', { dateStyle: 'long' });

/** Shows one contact with its leads and what has happened lately. */
export const contactPanel = (id: string, client: Client, changed: () => void, mayEdit: boolean) =>
  new Panel<ContactDetail>(
    id,
    {
      back: '#/contacts',
      load: (signal) => client.contacts.get(id, { signal }),
      title: ({ name, email, phone_number }) => name ?? email ?? phone_number ?? 'No name',
      form: mayEdit ? () => html`<mill-contact-form dialog contact-id=${id}></mill-contact-form>` : undefined,
      body: (contact) => html`${factsOf(contact)} ${timeline('Lately', contact.activities.slice(0, 8))}`,
    },
    changed,
  );

function factsOf(contact: ContactDetail) {
  const { address_1, address_2, zip_code, city, state, country } = contact;
  return facts([
    ['E-mail', contact.email],
    ['Phone', contact.phone_number],
    ['Company', contact.company],
    ['Address', [address_1, address_2, [zip_code, city].filter(Boolean).join(' '), state, country].filter(Boolean).join(', ')],
    ['Leads', contact.leads.map(({ title }) => title).join('\n')],
    ['Status', capitalised(contact.status)],
    ['Type', capitalised(contact.type)],
    ['Priority', contact.priority && capitalised(contact.priority)],
    ['Tags', contact.tags.join(', ')],
    ['Works with', contact.assignments.map(({ name, email }) => name ?? email).join(', ')],
    ['Added', day.format(new Date(contact.created_at))],
    ['Changed', day.format(new Date(contact.updated_at))],
    ['Notes', contact.notes],
  ]);
}
