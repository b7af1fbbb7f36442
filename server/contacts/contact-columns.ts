/** Contacts, as what changes records knows them. */
export const CONTACT = { table: 'contacts', noun: 'contact', keepsDeleted: true } as const;

/** Without all of them nobody is meant. */
export const IDENTITY = ['firstname', 'lastname', 'email', 'phone_number'] as const;
/** What leads copy of their contact: their change is one of the leads as well, though not of their versions. */
export const SHOWN_ON_LEADS = new Set<string>([...IDENTITY, 'company_id']);
