import type { Messages } from '../index.ts';

export const records: Messages['records'] = {
  'contact.status.active': 'Aktiv',
  'contact.status.bounced': 'Unzustellbar',
  'contact.status.unsubscribed': 'Abgemeldet',
  'lead.status.new': 'Neu',
  'lead.status.contacted': 'Kontaktiert',
  'lead.status.qualified': 'Qualifiziert',
  'lead.status.converted': 'Gewonnen',
  'lead.status.lost': 'Verloren',
  'lead.score.cold': 'Kalt',
  'lead.score.warm': 'Warm',
  'lead.score.hot': 'Heiß',
};
