import type { FormDefinition, FormValue } from '../../src/contract/form-definition.ts';
import type { Mail } from '../mail/mailer.ts';
import { momentInWords } from '../time-words.ts';

/** A submission as a mail tells of it. */
export interface MailedSubmission {
  form: string;
  definition: FormDefinition;
  workspace: string;
  timezone: string;
  answers: Record<string, FormValue>;
  page: string | null;
  submitted_at: Date;
  lead_id: string | null;
  email: string | null;
}

/** The mail that tells of a submission: what was answered, and where the lead is. */
export function submissionMail(submission: MailedSubmission, publicUrl: string): Omit<Mail, 'to' | 'id'> {
  const { form, workspace, definition, answers, page, submitted_at, timezone, lead_id, email } = submission;
  const said = definition.steps
    .flatMap(({ fields }) => fields)
    .filter(({ id }) => Object.hasOwn(answers, id))
    .map(({ id, label }) => `${oneLine(label ?? id)}: ${indented(inWords(answers[id]!))}`);
  const text = [
    `${form} was sent on ${momentInWords(submitted_at, timezone)}.`,
    said.join('\n'),
    page ? `From ${oneLine(page)}` : '',
    lead_id === null ? '' : `The lead: ${publicUrl}/#/leads/${lead_id}`,
  ];
  return {
    subject: `${oneLine(form)}: a new submission in ${oneLine(workspace)}`,
    text: `${text.filter(Boolean).join('\n\n')}\n`,
    // Who answers the mail answers the visitor.
    ...(email !== null && { replyTo: email }),
  };
}

const inWords = (value: FormValue) =>
  Array.isArray(value) ? value.join(', ') : value === true ? 'yes' : value === false ? 'no' : String(value);

/** No line that a visitor writes begins where ours do: none can pass for one of them. */
const indented = (text: string) => text.replaceAll(/\r\n?|[\n\v\f\u0085\u2028\u2029]/g, '\n    ');

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
