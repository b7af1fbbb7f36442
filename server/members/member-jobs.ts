import type { AppParts } from '../app-parts.ts';
import type { System } from '../db/system.ts';
import type { JobWorker } from '../jobs/job-worker.ts';
import { hashOf, invitationToken } from '../secret-tokens.ts';
import { INVITATION_DAYS } from './member-service.ts';

/** Mails invitations; one that was replaced, withdrawn or accepted meanwhile is not mailed. */
export function workMembers(worker: JobWorker, system: System, { mailer, secrets, publicUrl }: AppParts) {
  worker.outside('mail-invitation', async ({ payload, workspaceId, requestId }) => {
    const invitation = await system.for(requestId).invitationToMail(workspaceId!, payload.member_id);
    const token = invitation && (await tokenWith(invitation.hash, payload.nonce, secrets));
    if (token === undefined) return;
    const { email, workspace } = invitation!;
    await mailer.send({
      to: email,
      subject: `Your invitation to ${workspace}`,
      text: `You are invited to join ${workspace} on Millrace.\n\nAccept within ${INVITATION_DAYS} days:\n${publicUrl}/#/invitation/${token}\n\nIf you did not expect this, ignore it.\n`,
    });
  });
}

/** The token of this hash; it may have been made with a secret that was replaced since. */
async function tokenWith(hash: string, nonce: string, secrets: readonly string[]): Promise<string | undefined> {
  for (const secret of secrets) {
    const token = await invitationToken(nonce, secret);
    if ((await hashOf(token)) === hash) return token;
  }
  return undefined;
}
