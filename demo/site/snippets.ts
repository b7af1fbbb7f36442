import { DEMO_PASSWORD } from '@millrace/server';
import { createClient } from 'millrace/client';

/** The forms that the page shows, by their ids. */
export type Forms = Readonly<Record<'quote' | 'callback' | 'newsletter', string>>;

/** What the page's author copies for each form. */
export interface Snippet {
  script: string;
  pinned: string;
  element: string;
}

/**
 * Does what the page's author does once, as the owner of the demo workspace: allows the page's origin, and copies the
 * snippets of its forms.
 */
export async function copySnippets(api: string, origin: string, forms: Forms): Promise<Record<keyof Forms, Snippet>> {
  const session = await createClient({ baseUrl: api }).auth.signIn({ email: 'owner@demo.test', password: DEMO_PASSWORD });
  const client = createClient({ baseUrl: api, token: session.access_token });
  const { allowed_origins: allowed, version } = await client.workspace.get();
  if (!allowed.includes(origin)) await client.workspace.update({ allowed_origins: [...allowed, origin] }, { ifMatch: version });
  const [quote, callback, newsletter] = await Promise.all(
    [forms.quote, forms.callback, forms.newsletter].map((id) => client.forms.snippet(id)),
  );
  await client.auth.signOut({ refresh_token: session.refresh_token });
  return { quote: quote!, callback: callback!, newsletter: newsletter! };
}
