import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENTS } from '../../src/contract/events.ts';

/** Each subject with its facts, as the API promises them. */
const PROMISED = `
  contact.created/updated/deleted/merged · company.created/updated/deleted ·
  lead.created/updated/deleted/assigned/converted/moved_to_stage · pipeline.stage.updated ·
  appointment.created/updated/rescheduled/completed/cancelled · activity.created · deal.created/updated ·
  custom_field.updated · form.submitted · import.completed ·
  message.sent/received · tenant.settings.updated`;

test('the events are those that the API promises, each once', () => {
  const promised = PROMISED.split('·').flatMap((group) => {
    const [, subject, facts] = /^(.+)\.([\w/]+)$/.exec(group.trim())!;
    return facts!.split('/').map((fact) => `${subject}.${fact}`);
  });
  assert.deepEqual(EVENTS, promised);
});
