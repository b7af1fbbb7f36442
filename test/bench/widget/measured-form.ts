import { createClient, type Client } from 'millrace/client';
import type { FormDefinition } from '../../../src/contract/form-definition.ts';

/** The measured form as Millrace has it: name, e-mail, phone, select, textarea and consent, in two steps. */
const DEFINITION: FormDefinition = {
  title: 'Get in touch',
  locale: 'en',
  steps: [
    {
      id: 'you',
      fields: [
        { id: 'name', type: 'text', label: 'Name', required: true, maps_to: 'contact.name', autocomplete: 'name' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email', autocomplete: 'email' },
        { id: 'phone', type: 'tel', label: 'Phone', maps_to: 'contact.phone_number', autocomplete: 'tel' },
      ],
    },
    {
      id: 'wish',
      fields: [
        {
          id: 'interest',
          type: 'select',
          label: 'Interest',
          options: [
            { value: 'solar', label: 'Solar' },
            { value: 'storage', label: 'Storage' },
          ],
        },
        { id: 'message', type: 'textarea', label: 'Message', maps_to: 'lead.notes' },
        { id: 'consent', type: 'consent', label: 'I agree that my details are used to answer me.', version: '1', required: true },
      ],
    },
  ],
  texts: { en: { submit: 'Send', next: 'Next' } },
  success: { kind: 'message', message: 'Thank you' },
  // The bench fills it in faster than people do.
  spam: { min_seconds: 0 },
};

/** The measured form on a running server. */
export class MeasuredForm {
  readonly id: string;
  /** What its author pastes into a page. */
  readonly snippet: string;
  readonly #api: string;
  readonly #client: Client;

  private constructor(api: string, client: Client, id: string, snippet: string) {
    this.#api = api;
    this.#client = client;
    this.id = id;
    this.snippet = snippet;
  }

  /** Publishes it in the workspace of a member, for pages of one origin. */
  static async publish(api: string, credentials: { email: string; password: string }, origin: string): Promise<MeasuredForm> {
    const { access_token: token } = await createClient({ baseUrl: api }).auth.signIn(credentials);
    const client = createClient({ baseUrl: api, token });
    const { id } = await client.forms.create({ name: 'Bench', draft: { ...DEFINITION, allowed_origins: [origin] } });
    await client.forms.publish(id);
    const { script } = await client.forms.snippet(id);
    return new MeasuredForm(api, client, id, script);
  }

  /** A challenge as the ALTCHA protocol has it, for who else asks for the same work. */
  async challenge(): Promise<unknown> {
    const response = await fetch(`${this.#api}/api/v2/public/forms/${this.id}/challenge`);
    return ((await response.json()) as { data: unknown }).data;
  }

  /** How many submissions have arrived. */
  async submissions(): Promise<number> {
    return (await this.#client.forms.get(this.id)).submissions_count;
  }
}
