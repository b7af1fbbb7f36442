import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { publicForm } from '../../server/forms/public-form-service.ts';
import { refusal } from './memory-api.ts';
import { answerFor } from './network.ts';

/** Where the forms of the stories seem to come from. */
export const FORMS_API = 'https://crm.example.test';

/** What a submission comes to. */
export type Outcome = 'received' | 'refused' | 'offline';

interface Published {
  definition: FormDefinition;
  outcome: Outcome;
  isThere: boolean;
}

const published = new Map<string, Published>();

/** Puts a form where `mill-capture` finds it, and says what becomes of what visitors send. Gives its id. */
export function publish(definition: FormDefinition, outcome: Outcome = 'received', isThere = true): string {
  const id = `0197c3a0-5a00-7000-9000-${String(published.size + 1).padStart(12, '0')}`;
  published.set(id, { definition, outcome, isThere });
  return id;
}

answerFor(FORMS_API, async ({ url }) => {
  const { pathname, searchParams } = new URL(url);
  const [id = '', verb] = pathname.split('/public/forms/')[1]?.split('/') ?? [];
  const form = published.get(id);
  if (!form?.isThere) return refusal('NOT_FOUND');
  if (verb === undefined) return ok(formIn(id, form.definition, searchParams.get('lang') ?? undefined));
  if (form.outcome === 'offline') throw new TypeError('There is no network.');
  if (form.outcome === 'refused') return refusal('VALIDATION_ERROR', refused(form.definition));
  return ok({ id: crypto.randomUUID(), state: 'received', success: formIn(id, form.definition).success }, 201);
});

const formIn = (id: string, definition: FormDefinition, lang?: string): PublicForm =>
  publicForm({ ...definition, spam: { proof: false } }, { id, version: 1, lang, workspace: { locale: 'en', theme: {} } });

const metadata = () => ({ timestamp: new Date().toISOString(), request_id: 'story' });
const ok = (data: object, status = 200) => Response.json({ success: true, data, metadata: metadata() }, { status });

/** The server knows better than the form what an address is. */
const refused = ({ steps }: FormDefinition) => ({
  issues: steps
    .flatMap(({ fields }) => fields.filter(({ type }) => type === 'email'))
    .map(({ id }) => ({ path: `answers.${id}`, code: 'not_email', params: { problem: 'email' }, message: 'No e-mail address.' })),
});
