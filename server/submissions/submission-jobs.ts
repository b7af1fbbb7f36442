import { sql } from 'kysely';
import type { AppParts } from '../app-parts.ts';
import { readingUnit, type WorkspaceUnit } from '../db/tenant.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { JobWorker } from '../jobs/job-worker.ts';
import { submissionMail, type MailedSubmission } from './submission-mail.ts';

/**
 * Mails those whom a form names of its submission. Each address is a job of its own, so that nobody is mailed again because
 * another could not be.
 */
export function workSubmissions(worker: JobWorker, { db, mailer, publicUrl }: Pick<AppParts, 'db' | 'mailer' | 'publicUrl'>) {
  worker.inTransaction('mail-submission', async (unit, { payload: { submission_id } }) => {
    const submission = await mailed(unit, submission_id);
    for (const place of submission?.definition.notify?.keys() ?? [])
      await enqueue(unit, 'mail-submission-to', { submission_id, place });
  });

  worker.outside('mail-submission-to', async ({ payload: { submission_id, place }, workspaceId, requestId }) => {
    const unit = readingUnit(db, { role: 'app', workspaceId: workspaceId!, requestId });
    const submission = await mailed(unit, submission_id);
    const to = submission?.definition.notify?.[place];
    if (!submission || to === undefined) return;
    // The same whenever it is sent: a mail that went out before a crash is known again.
    const id = `<${submission_id}.${place}@${new URL(publicUrl).hostname}>`;
    await mailer.send({ ...submissionMail(submission, publicUrl), to, id });
  });
}

async function mailed({ db, workspaceId }: WorkspaceUnit, id: string): Promise<MailedSubmission | undefined> {
  const { rows } = await sql<MailedSubmission>`
    select f.name as form, v.definition, w.name as workspace, w.timezone, s.answers, s.page, s.submitted_at, s.lead_id, c.email
    from submissions s join forms f on f.id = s.form_id join form_versions v on v.form_id = s.form_id and v.number = s.form_version
    join workspaces w on w.id = ${workspaceId} left join contacts c on c.id = s.contact_id
    where s.id = ${id} and s.state = 'accepted'`.execute(db);
  return rows[0];
}
