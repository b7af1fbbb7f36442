import type { Seed } from '@millrace/server';
import { Chance } from './chance.ts';
import { lifeOf, NURTURE, type Step } from './lead-life.ts';
import {
  campaigns,
  companyOffers,
  dispositions,
  homeOffers,
  landingPages,
  leadNotes,
  leadTags,
  quietSources,
  tasks,
  timelines,
  writings,
} from './offers.ts';
import { atWork } from './working-hours.ts';

type SeedLead = Omit<Seed['leads'][number], 'appointments' | 'custom_fields' | 'submission'>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const iso = (time: number) => new Date(time).toISOString();
const hundreds = (amount: number) => Math.round(amount / 50) * 50;

/** Who sells, and who hands leads out. */
export interface Team {
  sellers: readonly string[];
  manager: string;
}

/**
 * A lead of a contact with everything that has happened to it between its beginning and now. What it is about follows from
 * its number alone; how far it has come depends on the day as well, because nobody works at weekends.
 */
export function leadOf(
  number: number,
  now: number,
  created: number,
  contact: Omit<Seed['contacts'][number], 'custom_fields'> & { email: string },
  company: Seed['companies'][number] | undefined,
  team: Team,
): SeedLead {
  const chance = new Chance(number);
  const { title, product, value } = offerOf(chance, company);
  const about = {
    contact_email: contact.email,
    title,
    product_interest: product,
    ...originOf(chance),
    timeline: chance.happens(0.5) ? chance.one(timelines) : null,
    notes: chance.happens(0.35) ? chance.one(leadNotes) : null,
    tags: chance.some(leadTags, 2),
  };
  const seller = contact.assigned_to ?? chance.one(team.sellers);

  const course = new Chance(-number);
  const life = lifeOf(course, created, now);
  const end = life.at(-1)!;
  const isOpen = end.stage !== 'Won' && end.stage !== 'Lost';
  const assignedAt = assignment(course, life);
  const owner = assignedAt <= now && (life.length > 1 || course.happens(0.4)) ? seller : null;
  const lead_value = life.length > 2 || course.happens(0.7) ? value : null;
  return {
    ...about,
    score_value: scoreOf(course, end.stage, life),
    lead_value,
    budget: lead_value !== null && course.happens(0.3) ? hundreds(lead_value * (0.8 + course.next() * 0.4)) : null,
    disposition: dispositionOf(course, end),
    expected_close_date: isOpen && life.length > 2 ? iso(now + course.whole(-10, 75) * DAY).slice(0, 10) : null,
    is_archived: !isOpen && now - end.at > 60 * DAY ? course.happens(0.2) : course.happens(0.01),
    steps: stepsOf(life, owner),
    assigned: owner === null ? null : { to: owner, by: team.manager, at: iso(assignedAt) },
    entries: owner === null ? [] : entriesOf(course, life, owner, assignedAt, now, isOpen),
    ...saleOf(course, life, title, lead_value, now),
  };
}

/** Soon after it came in, and before anyone could work on it. */
function assignment(chance: Chance, [first, second]: Step[]) {
  const soon = atWork(first!.at + chance.next() * 5 * HOUR);
  return second ? Math.min(soon, second.at) : soon;
}

const stepsOf = (life: [Step, ...Step[]], owner: string | null) =>
  life.map(({ at, ...step }, index) => ({ ...step, at: iso(at), by: index === 0 ? null : owner })) as SeedLead['steps'];

function offerOf(chance: Chance, company: Seed['companies'][number] | undefined) {
  const offer = chance.one(company ? companyOffers : homeOffers);
  const [from, to] = offer.value;
  const size = company && !offer.isSized ? Math.sqrt((company.employees ?? 40) / 40) : 1;
  return { ...offer, value: hundreds((from + chance.next() * (to - from)) * size) };
}

/** The further it has come, the higher; what is lost was mostly seen to be. */
function scoreOf(chance: Chance, stage: string, life: readonly Step[]) {
  const reached = Math.min(life.length - 1, 5) * 12;
  const base = stage === 'Lost' ? 5 : stage === 'Won' ? 40 : 16;
  return Math.min(100, base + reached + chance.whole(0, 32));
}

function originOf(chance: Chance): Pick<SeedLead, 'source' | 'attribution'> {
  if (chance.happens(0.28)) return { source: chance.one(quietSources), attribution: {} };
  const campaign = chance.one(campaigns);
  const landing_page = `https://www.brightfield.test${chance.one(landingPages)}`;
  const click = 'gclid' in campaign ? { gclid: `demo-${chance.whole(100_000_000, 999_999_999)}` } : {};
  const first = { ...campaign.utm, ...click, landing_page };
  const returned = chance.happens(0.3);
  const last = returned ? { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'solar-letter' } : campaign.utm;
  return { source: campaign.source, attribution: { first, last: { ...last, page: 'https://www.brightfield.test/quote' } } };
}

function dispositionOf(chance: Chance, { stage, pipeline }: Step) {
  if (stage === 'Won' || !chance.happens(0.45)) return null;
  return chance.one(dispositions[stage === 'Lost' ? 'lost' : pipeline === NURTURE ? 'nurture' : 'open']!);
}

function entriesOf(chance: Chance, life: readonly Step[], by: string, from: number, now: number, isOpen: boolean) {
  const entries: SeedLead['entries'] = [];
  for (const [index, { stage, at }] of life.entries()) {
    const until = life[index + 1]?.at ?? Math.min(now, at + 25 * DAY);
    for (const { type, subject, description } of writings[stage] ?? []) {
      const time = atWork(Math.max(at, from) + chance.next() * (until - Math.max(at, from)));
      if (time > until || !chance.happens(0.5)) continue;
      const done = { due_at: null, completed_at: null };
      entries.push({ activity_type: type, subject, description, at: iso(time), by, ...done });
    }
  }
  const begun = Math.max(life.at(-1)!.at, from);
  if (life.length > 1 && chance.happens(isOpen ? 0.45 : 0.15)) {
    const due = atWork(begun + chance.whole(1, 9) * DAY);
    const completed_at = !isOpen || due + DAY < now ? iso(Math.min(due, now)) : null;
    const task = { subject: chance.one(tasks), description: null, due_at: iso(due), completed_at };
    entries.push({ activity_type: 'task', at: iso(begun), by, ...task });
  }
  return entries.toSorted((one, other) => one.at.localeCompare(other.at));
}

/** What a lead became: a deal once there is a proposal, and a job once it is won. */
function saleOf(
  chance: Chance,
  life: readonly Step[],
  title: string,
  value: number | null,
  now: number,
): Pick<SeedLead, 'deal' | 'job' | 'converted_at'> {
  const end = life.at(-1)!;
  const proposed = life.find(({ stage }) => stage === 'Proposal sent');
  const isWon = end.stage === 'Won';
  if (!proposed || !(isWon || chance.happens(0.5))) return { deal: null, job: null, converted_at: null };
  const state = isWon ? 'won' : end.stage === 'Lost' ? 'lost' : 'open';
  const closed_at = state === 'open' ? null : iso(end.at);
  const deal = { title, value, state, closed_at, at: iso(proposed.at) } as const;
  return {
    deal,
    job: isWon ? jobOf(chance, title, end.at, now) : null,
    converted_at: isWon && chance.happens(0.85) ? iso(end.at) : null,
  };
}

function jobOf(chance: Chance, title: string, won: number, now: number): SeedLead['job'] {
  const start = atWork(won + chance.whole(14, 50) * DAY);
  const status = start > now ? 'planned' : now - start > 6 * DAY ? 'done' : 'in_progress';
  const details = { crew: chance.one(['North', 'South', 'Flat roofs']), days_on_site: chance.whole(1, 6) };
  return { title: `Install: ${title}`.slice(0, 100), status, details, scheduled_for: iso(start), at: iso(won) };
}
