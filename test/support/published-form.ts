import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { Client } from '../../src/client/index.ts';

/** Makes a form in a workspace and publishes it. */
export async function publishedForm({ client }: { client: Client }, draft: FormDefinition, name = 'Ask us'): Promise<string> {
  const { id } = await client.forms.create({ name, draft });
  await client.forms.publish(id);
  return id;
}
