import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../../../src/client/index.ts';
import type { ContactDetail } from '../../../src/contract/contact.ts';

/** What a record may be: as it was answered, or with certain new values that no answer confirmed, or gone. */
type State = { acknowledged: ContactDetail } | { unconfirmed: Partial<ContactDetail> & { version: number } } | 'gone';

/** What the server has acknowledged, kept where no crash of it reaches. */
export class Ledger {
  /** How many writes were acknowledged. */
  acknowledged = 0;
  readonly #contacts = new Map<string, State[]>();
  readonly #companies = new Map<string, string[]>();

  /** The answer to a write of a contact. */
  contact(record: ContactDetail) {
    this.acknowledged += 1;
    this.settle(record);
  }

  /** A contact as it was found to be, after a call without an answer. */
  settle(record: ContactDetail) {
    this.#contacts.set(record.id, [{ acknowledged: record }]);
    if (record.company_id !== null && !this.#companies.has(record.company_id))
      this.#companies.set(record.company_id, [record.company!]);
  }

  removed({ id }: ContactDetail) {
    this.acknowledged += 1;
    this.#contacts.set(id, ['gone']);
  }

  /** A change was sent and not answered: the contact is as it was, or as the change wants it. */
  unconfirmed({ id }: ContactDetail, wanted: (Partial<ContactDetail> & { version: number }) | 'gone') {
    this.#contacts.get(id)!.push(wanted === 'gone' ? wanted : { unconfirmed: wanted });
  }

  company(id: string, name: string) {
    this.acknowledged += 1;
    this.#companies.set(id, [name]);
  }

  companyUnconfirmed(id: string, name: string) {
    this.#companies.get(id)?.push(name);
  }

  /** Looks up everything in the API and tells what is not as it was acknowledged; what was unconfirmed is known afterwards. */
  async losses(client: Client): Promise<string[]> {
    const losses: string[] = [];
    const found = new Map<string, object>();
    for await (const row of client.contacts.all({ page_size: 100, sort_by: 'created_at', count: 'none' })) found.set(row.id, row);
    for (const [id, states] of this.#contacts) {
      const row = found.get(id);
      const state = states.find((one) => isIn(one, row));
      if (state === undefined) {
        losses.push(`contact ${id} was acknowledged as ${JSON.stringify(states)} and is ${JSON.stringify(row)}`);
      } else if (state === 'gone') {
        this.#contacts.set(id, ['gone']);
      } else {
        const detail = await this.#detail(client, id, states, losses);
        this.#contacts.set(id, [{ acknowledged: detail }]);
      }
    }
    const names = new Map<string, string>();
    for await (const { id, name } of client.companies.all({ page_size: 100, count: 'none' })) names.set(id, name);
    for (const [id, wanted] of this.#companies) {
      const name = names.get(id);
      if (name === undefined || !wanted.includes(name))
        losses.push(`company ${id} was acknowledged as ${wanted.join(' or ')} and is ${name}`);
      else this.#companies.set(id, [name]);
    }
    return losses;
  }

  /** Contacts that are there, by id, as they were last acknowledged. */
  get standing(): ContactDetail[] {
    return [...this.#contacts.values()].flatMap(([state]) =>
      state !== undefined && state !== 'gone' && 'acknowledged' in state ? [state.acknowledged] : [],
    );
  }

  /** Lists leave the assignments out: they are read, and compared, one by one. */
  async #detail(client: Client, id: string, states: State[], losses: string[]): Promise<ContactDetail> {
    const known = states[0] as { acknowledged: ContactDetail };
    const detail = await client.contacts.get(id);
    const wanted = known.acknowledged.assignments;
    const mayBeMore = states.some(
      (state) => state !== 'gone' && 'unconfirmed' in state && state.unconfirmed.assignments !== undefined,
    );
    if (!isDeepStrictEqual(detail.assignments, wanted) && !(mayBeMore && detail.assignments.length === wanted.length + 1)) {
      losses.push(`contact ${id} had the assignments ${JSON.stringify(wanted)} and has ${JSON.stringify(detail.assignments)}`);
    }
    return detail;
  }
}

/** What lists leave out, and the company's name, which is its company's to change: its id alone is compared. */
const NOT_COMPARED = ['assignments', 'leads', 'appointments', 'activities', 'company'];

/** Whether a row is in a state. */
function isIn(state: State, row: object | undefined): boolean {
  if (state === 'gone' || row === undefined) return state === 'gone' && row === undefined;
  const given: Record<string, unknown> = { ...row };
  const wanted = 'acknowledged' in state ? state.acknowledged : state.unconfirmed;
  return Object.entries(wanted).every(([name, value]) => NOT_COMPARED.includes(name) || isDeepStrictEqual(given[name], value));
}
