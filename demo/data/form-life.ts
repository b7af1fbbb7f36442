import type { Seed } from '@millrace/server';
import { Chance } from './chance.ts';
import { DEMO_FORMS } from './forms.ts';

type Contact = Omit<Seed['contacts'][number], 'custom_fields'>;
type Submission = NonNullable<Seed['leads'][number]['submission']>;
type Total = Seed['form_totals'][number];

const DAY_MS = 86_400_000;
/** How long the forms have been on the website. */
export const FORM_DAYS = 60;

const SITE = 'https://www.brightfield.test';
const AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0',
] as const;

/** What the first of the two forms asks for; who wants something else asks to be called. */
const WISHES = ['Rooftop solar', 'Solar with storage', 'Heat pump', 'Battery storage', 'Commercial rooftop'];
const WHEN = ['this quarter', 'this year', 'next spring', 'no hurry'];
const NOTES = ['Please call before six.', 'The scaffold is there until June.', 'We heard of you from our neighbours.'] as const;

/** The submission that a lead came from, where it came by a form of the website; it follows from the lead's number. */
export function submissionOf(
  number: number,
  lead: Pick<Seed['leads'][number], 'product_interest' | 'timeline' | 'attribution' | 'custom_fields'>,
  created: number,
  now: number,
  contact: Contact & { email: string },
  company: string | undefined,
): Submission | null {
  const chance = new Chance(3_000_000 + number);
  const isOnline = 'first' in lead.attribution && now - created < FORM_DAYS * DAY_MS;
  if (!isOnline || !chance.happens(0.36)) return null;
  const at = new Date(created).toISOString();
  const name = [contact.firstname, contact.lastname].filter(Boolean).join(' ');
  const shared = { at, attribution: lead.attribution, user_agent: chance.one(AGENTS) };
  const wish = lead.product_interest!;
  const forCompany = wish === 'Commercial rooftop';
  if (WISHES.includes(wish) && (!forCompany || company !== undefined)) {
    const roof = lead.custom_fields['roof_type'];
    return {
      ...shared,
      form_id: DEMO_FORMS.quote,
      page: `${SITE}/quote`,
      answers: {
        wish,
        ...(forCompany && { company: company! }),
        ...(typeof roof === 'string' && { roof_type: roof }),
        ...(lead.timeline !== null && WHEN.includes(lead.timeline) && { when: lead.timeline }),
        name,
        email: contact.email,
        ...(contact.phone_number !== null && { phone: contact.phone_number }),
        ...(chance.happens(0.3) && { message: chance.one(NOTES) }),
        privacy: true,
      },
    };
  }
  if (contact.phone_number === null) return null;
  return {
    ...shared,
    form_id: DEMO_FORMS.callback,
    page: `${SITE}/`,
    answers: {
      name,
      phone: contact.phone_number,
      time: chance.one(['mornings', 'afternoons', 'evenings']),
      plan: wish,
      calls: true,
    },
  };
}

const SPAM = [
  { name: 'SEO Team', email: 'rank@best-links.test', message: 'We bring your page to place one.', reasons: ['honeypot'] },
  { name: 'qwrtz', email: 'qwrtz@mailbox.test', message: 'asdf', reasons: ['too_fast'] },
  { name: 'Crypto Desk', email: 'desk@coins.test', message: 'Double your money by Friday.', reasons: ['honeypot', 'too_fast'] },
  { name: 'Jonas Wirth', email: 'jonas.wirth@posteo.test', message: 'Do you work in Potsdam, too?', reasons: ['no_proof'] },
  { name: 'Cheap Panels', email: 'sales@panels.test', message: 'Container price on request.', reasons: ['no_proof'] },
  {
    name: 'Elif Kaya',
    email: 'elif.kaya@webmail.test',
    message: 'Is a flat of 60 square metres too small?',
    reasons: ['origin'],
  },
  { name: 'Visit Me', email: 'visit@clicks.test', message: 'See my page.', reasons: ['honeypot', 'no_proof'] },
] as const;

/** What waits in quarantine: mostly what it looks like, and some that people should let through. */
export const suspectedSubmissions = (now: number): Seed['suspected'] =>
  SPAM.map(({ reasons, ...said }, index) => ({
    form_id: DEMO_FORMS.quote,
    at: new Date(now - (index * 5 + 0.4) * DAY_MS).toISOString(),
    answers: { wish: WISHES[(index % WISHES.length) - 1] ?? WISHES[0]!, ...said, privacy: true },
    attribution: {},
    page: `${SITE}/quote`,
    user_agent: AGENTS[index % AGENTS.length]!,
    reasons: [...reasons],
  }));

/** How often each form is seen on a day of the week, and where those who leave it leave. */
const TRAFFIC = [
  {
    form: DEMO_FORMS.quote,
    views: 26,
    starts: 0.34,
    steps: [
      { step: 'roof', goesOn: 1, leavesAt: 'when' },
      { step: 'you', goesOn: 0.7, leavesAt: 'phone' },
    ],
    refused: ['email', 'phone'],
  },
  {
    form: DEMO_FORMS.callback,
    views: 18,
    starts: 0.22,
    steps: [{ step: 'call', goesOn: 1, leavesAt: 'phone' }],
    refused: ['phone'],
  },
  {
    form: DEMO_FORMS.newsletter,
    views: 31,
    starts: 0.08,
    steps: [{ step: 'letter', goesOn: 1, leavesAt: 'email' }],
    refused: ['email'],
  },
];

/** What was counted on each day: fewer look at solar plants at weekends, and no fewer than sent a form. */
export function formTotals(now: number, sent: readonly { form_id: string; at: string }[]): Total[] {
  const chance = new Chance(4_000_000);
  return Array.from({ length: FORM_DAYS }, (_, ago) => new Date(now - ago * DAY_MS)).flatMap((date) => {
    const day = date.toISOString().slice(0, 10);
    const isWeekend = [0, 6].includes(date.getUTCDay());
    return TRAFFIC.flatMap(({ form: form_id, views, starts, steps, refused }) => {
      const submitted = sent.filter((one) => one.form_id === form_id && one.at.startsWith(day)).length;
      const seen = Math.round(views * (isWeekend ? 0.55 : 1) * (0.7 + chance.next() * 0.6)) + submitted;
      const started = Math.max(submitted, Math.round(seen * starts * (0.8 + chance.next() * 0.4)));
      const total = (event: Total['event'], count: number, step = '', field = ''): Total[] =>
        count > 0 ? [{ form_id, day, event, step, field, count }] : [];
      const reached = steps.map(({ goesOn }) => Math.max(submitted, Math.round(started * goesOn)));
      return [
        ...total('view', seen),
        ...total('start', started),
        ...total('submit', submitted),
        ...steps.flatMap(({ step, leavesAt }, index) => [
          ...total('step', reached[index]!, step),
          ...total('close', reached[index]! - (reached[index + 1] ?? submitted), step, leavesAt),
        ]),
        ...refused.flatMap((field) => total('error', Math.round(started * 0.12 * chance.next()), '', field)),
      ];
    });
  });
}
