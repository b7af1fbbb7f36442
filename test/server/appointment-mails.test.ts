import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { FileMailer } from '../../server/mail/file-mailer.ts';
import { senderOf, type Mail } from '../../server/mail/mailer.ts';
import { SmtpMailer } from '../../server/mail/smtp-mailer.ts';
import { bearing, json } from '../support/calls.ts';
import { assertWellFolded, readCalendar } from '../support/calendars.ts';
import { newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';
import { startSmtp } from '../support/smtp.ts';

describe('the mails of an appointment', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  /** What is sent by everything that is due. */
  async function sent(at = server): Promise<Mail[]> {
    await at.app.worker.runDue();
    return at.mails.splice(0).toSorted((one, other) => (one.to < other.to ? -1 : 1));
  }

  async function book(given: object = {}, contact: object = {}) {
    const email = `a.contact.${newId()}@example.test`;
    const lead = await ours.client.leads.create({
      title: 'A hot one',
      contact: { name: 'Jane Doe', email, ...contact },
      owner_id: ours.member.userId,
    });
    return ours.client.appointments.create({
      lead_id: lead.id,
      appointment_date: '2027-03-03T08:30:00Z',
      timezone: 'America/New_York',
      location: 'Main Street 5',
      notes: 'Knows the price.',
      ...given,
    });
  }

  /** Both mails of what was just done, by their readers. */
  async function both() {
    const mails = await sent();
    assert.equal(mails.length, 2);
    return { contact: mails[0]!, owner: mails[1]! };
  }

  test('tell both sides that it is booked, each by the clocks of their own zone', async () => {
    const made = await book({}, { phone_number: '+49 30 901820' });
    const { contact, owner } = await both();
    assert.deepEqual(
      { ...contact, invitation: undefined },
      {
        to: made.contact.email,
        replyTo: ours.member.email,
        id: `<${made.id}.0.booked.contact@millrace.test>`,
        subject: `Appointment with Test member of ${ours.name}, Wednesday 3 March 2027, 03:30`,
        text: [
          'Hello Jane Doe,',
          '',
          `your appointment with Test member of ${ours.name} is booked.`,
          '',
          'When: Wednesday 3 March 2027, 03:30 to 04:00 GMT-5 (America/New_York)',
          'Where: Main Street 5',
          '',
          'The attached file brings it into your calendar.',
          '',
          '',
        ].join('\n'),
        invitation: undefined,
      },
    );
    assert.partialDeepStrictEqual(owner, {
      to: ours.member.email,
      replyTo: made.contact.email,
      id: `<${made.id}.0.booked.owner@millrace.test>`,
      subject: 'Appointment with Jane Doe, Wednesday 3 March 2027, 09:30',
    });
    for (const line of [
      'Hello Test member,',
      'the appointment with Jane Doe is booked.',
      'When: Wednesday 3 March 2027, 09:30 to 10:00 GMT+1 (Europe/Berlin)',
      'Where: Main Street 5',
      'Lead: A hot one',
      `E-mail: ${made.contact.email}`,
      'Phone: +4930901820',
      'Knows the price.',
    ])
      assert.ok(owner.text.split('\n').includes(line), line);
  });

  test("go by the owner's own working hours where those name a zone", async () => {
    const at = await server.newWorkspace();
    const { data } = await at.client.members.list({ role: ['manager'] });
    await at.client.members.update(data[0]!.id, { working_hours: { timezone: 'Asia/Tokyo' } });
    const lead = await at.client.leads.create({ contact: { email: 'z@example.test' }, owner_id: at.manager.userId });
    await at.client.appointments.create({ lead_id: lead.id, appointment_date: '2027-03-03T08:30:00Z', timezone: 'UTC' });
    const [owner, contact] = await sent();
    assert.match(owner!.text, /When: Wednesday 3 March 2027, 17:30 to 18:00 GMT\+9 \(Asia\/Tokyo\)/);
    assert.match(contact!.text, /When: Wednesday 3 March 2027, 08:30 to 09:00 GMT\+0 \(UTC\)/);
  });

  test("bring an invitation of the same event, with nothing of the lead in the contact's", async () => {
    const made = await book();
    const { contact, owner } = await both();
    const read = (mail: Mail) => {
      assert.equal(mail.invitation!.method, 'REQUEST');
      assertWellFolded(mail.invitation!.text);
      const { method, events } = readCalendar(mail.invitation!.text);
      assert.equal(method, 'REQUEST');
      assert.equal(events.length, 1);
      assert.partialDeepStrictEqual(events[0], {
        uid: made.id,
        sequence: 0,
        starts: Date.parse('2027-03-03T08:30:00Z'),
        ends: Date.parse('2027-03-03T09:00:00Z'),
        location: 'Main Street 5',
        attendees: [
          [`mailto:${ours.member.email}`, 'Test member'],
          [`mailto:${made.contact.email}`, 'Jane Doe'],
        ],
      });
      return events[0]!;
    };
    const forContact = read(contact);
    assert.equal(forContact.summary, `Appointment with Test member, ${ours.name}`);
    assert.deepEqual(forContact.organizer, [`mailto:${ours.member.email}`, 'Test member']);
    assert.match(contact.invitation!.text, /RSVP=TRUE/);
    assert.doesNotMatch(contact.text + contact.invitation!.text, /hot one|Knows the price/);
    const forOwner = read(owner);
    assert.equal(forOwner.summary, 'Jane Doe: A hot one');
    // A calendar takes no invitation from its own owner.
    assert.deepEqual(forOwner.organizer, ['mailto:crm@example.test', ours.name]);
  });

  test('tell of another time with the one before, of another place, and of its end', async () => {
    const made = await book();
    await sent();
    const { reschedule, update } = ours.client.appointments;
    await reschedule(made.id, { appointment_date: '2027-03-29T08:30:00Z', duration_minutes: 60 });
    const moved = await both();
    assert.match(moved.contact.subject, /^Moved: appointment with Test member .*, Monday 29 March 2027, 04:30$/);
    assert.match(
      moved.contact.text,
      /was moved\.\n\nWhen: Monday 29 March 2027, 04:30 to 05:30 GMT-4 \(America\/New_York\)\nBefore: Wednesday 3 March 2027, 03:30 to 04:00 GMT-5 \(America\/New_York\)\n/,
    );
    assert.match(moved.owner.text, /\nBefore: Wednesday 3 March 2027, 09:30 to 10:00 GMT\+1 \(Europe\/Berlin\)\n/);
    assert.equal(moved.contact.id, `<${made.id}.1.moved.contact@millrace.test>`);
    assert.equal(readCalendar(moved.contact.invitation!.text).events[0]!.sequence, 1);

    await update(made.id, { meeting_url: 'https://meet.example.test/1' });
    const changed = await both();
    assert.match(changed.contact.subject, /^Changed: appointment /);
    assert.match(changed.contact.text, /was changed\./);
    assert.match(changed.contact.text, /\nWhere: https:\/\/meet\.example\.test\/1\n/);
    assert.doesNotMatch(changed.contact.text, /Before/);

    await update(made.id, { status: 'cancelled', reason: 'Somebody is ill' });
    const cancelled = await both();
    for (const mail of [cancelled.contact, cancelled.owner]) {
      assert.match(mail.subject, /^Cancelled: appointment /);
      assert.match(mail.text, /was cancelled\./);
      assert.match(mail.text, /\nReason: Somebody is ill\n/);
      const { method, events } = readCalendar(mail.invitation!.text);
      assert.deepEqual([method, mail.invitation!.method], ['CANCEL', 'CANCEL']);
      assert.partialDeepStrictEqual(events[0], { uid: made.id, sequence: 3, status: 'CANCELLED' });
    }
  });

  test('that came too late are not sent: the newer one tells it', async () => {
    const moved = await book();
    await ours.client.appointments.reschedule(moved.id, { appointment_date: '2027-04-04T08:00:00Z' });
    await ours.client.appointments.reschedule(moved.id, { appointment_date: '2027-04-05T08:00:00Z' });
    assert.deepEqual(
      (await sent()).map(({ id }) => id),
      ['contact', 'owner'].map((reader) => `<${moved.id}.2.moved.${reader}@millrace.test>`),
    );
    const made = await book();
    await ours.client.appointments.reschedule(made.id, { appointment_date: '2027-04-04T08:00:00Z' });
    await ours.client.appointments.update(made.id, { status: 'cancelled' });
    const mails = await sent();
    assert.deepEqual(
      mails.map(({ subject }) => subject.split(':')[0]),
      ['Cancelled', 'Cancelled'],
    );
  });

  test('that wait tell of what was changed meanwhile without a mail of its own', async () => {
    const made = await book();
    await ours.client.appointments.update(made.id, { location: 'Side Street 6', notify: false });
    const { contact, owner } = await both();
    assert.match(contact.text, /^Where: Side Street 6$/m);
    assert.match(owner.subject, /^Appointment with/);
  });

  test('are not sent where nobody asked for them, or after it was', async () => {
    const made = await book({ notify: false });
    await book({ appointment_date: '2020-01-01T00:00:00Z' });
    await ours.client.appointments.update(made.id, { notes: 'Nothing that a calendar shows' });
    assert.deepEqual(await sent(), []);
  });

  test('go to the owner alone where the contact has no address, or one that takes no mail', async () => {
    await book({}, { email: undefined });
    await book({}, { status: 'bounced' });
    assert.deepEqual(
      (await sent()).map(({ to }) => to),
      [ours.member.email, ours.member.email],
    );
  });

  test('go to the contact alone where nobody owns it, and are answered to the workspace', async () => {
    const { key } = await newKey(ours);
    const lead = await ours.client.leads.create({ contact: { email: `b.${newId()}@example.test` } });
    await server.fetch(
      '/api/v2/appointments',
      json('POST', { lead_id: lead.id, appointment_date: '2027-03-03T08:30:00Z' }, bearing(key)),
    );
    const [mail, ...others] = await sent();
    assert.deepEqual(others, []);
    assert.equal(mail!.replyTo, undefined);
    assert.match(mail!.text, /^Hello,\n\nyour appointment with Workspace \w+ is booked\.\n/);
    assert.deepEqual(readCalendar(mail!.invitation!.text).events[0]!.organizer, ['mailto:crm@example.test', ours.name]);
  });

  test('are one job each: where one fails the other is not sent again, and a repeat is the same mail', async () => {
    const tries: Mail[] = [];
    let isDown = true;
    const at = await newServer({
      mailer: {
        sender: 'crm@example.test',
        send: async (mail) => {
          tries.push(mail);
          if (isDown && mail.to.startsWith('c.')) throw new Error(`no mail for ${mail.to}`);
        },
      },
    });
    const place = await at.newWorkspace();
    const lead = await place.client.leads.create({
      contact: { name: 'Secret Name', email: 'c.one@example.test' },
      owner_id: place.member.userId,
    });
    await place.client.appointments.create({ lead_id: lead.id, appointment_date: '2027-03-03T08:30:00Z' });
    await at.app.worker.runDue();
    at.later(3_600_000);
    isDown = false;
    await at.app.worker.runDue();
    await at.app.worker.runDue();
    assert.deepEqual(tries.map(({ to }) => to.split('.')[0]).toSorted(), ['c', 'c', 'member']);
    const [first, second] = tries.filter(({ to }) => to.startsWith('c.'));
    assert.deepEqual(first, second);
    assert.doesNotMatch(JSON.stringify(at.logged), /example\.test|Secret Name/);
    assert.doesNotMatch(JSON.stringify(await at.database.asOwner('select * from jobs')), /example\.test|Secret Name/);
  });
});

describe('a mail with an invitation', () => {
  const invitation = { method: 'REQUEST', text: 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n' } as const;
  const mail: Mail = {
    to: 'grace@example.test',
    replyTo: 'ada@example.test',
    id: '<one.0.booked.contact@crm.example.test>',
    subject: 'Appointment',
    text: 'Hello',
    invitation,
  };

  test('goes by SMTP as text with the calendar beside it and attached', async () => {
    const smtp = await startSmtp();
    try {
      const mailer = new SmtpMailer(`smtp://127.0.0.1:${smtp.port}`, 'Crew <crew@example.test>');
      assert.equal(mailer.sender, 'crew@example.test');
      await mailer.send(mail);
    } finally {
      smtp.close();
    }
    const [{ text }] = smtp.mails as unknown as [{ text: string }];
    assert.match(text, /^Message-ID: <one\.0\.booked\.contact@crm\.example\.test>\r$/m);
    assert.match(text, /^Reply-To: ada@example\.test\r$/m);
    assert.match(text, /^Content-Type: multipart\/alternative;/m);
    assert.match(text, /^Content-Type: text\/calendar; charset=utf-8; method=REQUEST\r$/m);
    assert.match(text, /filename=invitation\.ics/);
    const packed = /Content-Type: application\/ics;.*?\r\n\r\n(.*?)\r\n--/s.exec(text)![1]!;
    assert.equal(Buffer.from(packed, 'base64').toString(), invitation.text);
  });

  test('lies in a file, and its calendar beside it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-mail-'));
    try {
      await new FileMailer(directory, 'crew@example.test').send(mail);
      const files = (await readdir(directory)).toSorted();
      assert.deepEqual(
        files.map((file) => file.slice(-4)),
        ['.ics', '.txt'],
      );
      const [calendar, text] = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
      assert.equal(calendar, invitation.text);
      assert.equal(
        text,
        `To: grace@example.test\nSubject: Appointment\nReply-To: ada@example.test\nMessage-ID: ${mail.id}\nAttached: ${files[0]}\n\nHello`,
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('comes from the address that the operator named, with a name or without', () => {
    assert.deepEqual(['Crew <crew@example.test>', ' crew@example.test '].map(senderOf), Array(2).fill('crew@example.test'));
  });
});
