import { html } from 'lit';
import type { Client } from 'millrace/client';
import { facts, Panel, timeline } from './panel.ts';

type LeadDetail = Awaited<ReturnType<Client['leads']['get']>>;

const day = new Intl.DateTimeFormat('en', { dateStyle: 'long' });
const moneyOf = (amount: number | null, currency: string) =>
  amount === null
    ? null
    : new Intl.NumberFormat('en', { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' }).format(amount);

/** Shows one lead: where it stands in its pipeline, what is known of it, and what has happened. */
export const leadPanel = (id: string, client: Client, changed: () => void, mayEdit: boolean) =>
  new Panel<LeadDetail>(
    id,
    {
      back: '#/leads',
      load: (signal) => client.leads.get(id, { signal }),
      title: ({ title }) => title,
      form: mayEdit ? () => html`<mill-lead-form dialog lead-id=${id}></mill-lead-form>` : undefined,
      body: (lead) => html`${factsOf(lead)} ${timeline('Timeline', lead.activities.slice(0, 12))}`,
    },
    changed,
  );

function factsOf(lead: LeadDetail) {
  const { contact, currency } = lead;
  const { utm_source, utm_campaign } = lead.attribution.first ?? {};
  const [latest] = lead.stage_history;
  return facts([
    ['Stage', `${lead.stage.name} (${lead.pipeline.name})`],
    ['Since', day.format(new Date(lead.stage_entered_at))],
    ['Reason', latest?.reason],
    ['Contact', [contact.name, contact.company].filter(Boolean).join(', ')],
    ['E-mail', contact.email],
    ['Phone', contact.phone_number],
    ['Value', moneyOf(lead.lead_value, currency)],
    ['Score', `${lead.score_value}, ${lead.score}`],
    ['Owner', lead.owner?.name ?? 'Nobody'],
    ['Source', [lead.source?.name, utm_source, utm_campaign].filter(Boolean).join(', ')],
    ['Expected close', lead.expected_close_date && day.format(new Date(lead.expected_close_date))],
    [
      'Deals',
      lead.deals
        .map(({ title, state, value, currency: paid }) => [title, moneyOf(value, paid), state].filter(Boolean).join(', '))
        .join('\n'),
    ],
    ['Jobs', lead.jobs.map(({ title, status }) => `${title}, ${status.replace('_', ' ')}`).join('\n')],
    ['Disposition', lead.disposition],
    ['Tags', lead.tags.join(', ')],
    ['Added', day.format(new Date(lead.created_at))],
    ['Notes', lead.notes],
  ]);
}
