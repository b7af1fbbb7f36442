import type { Messages } from '../index.ts';

export const records: Messages['records'] = {
  'contact.status.active': 'Actif',
  'contact.status.bounced': 'Adresse invalide',
  'contact.status.unsubscribed': 'Désabonné',
  'lead.status.new': 'Nouvelle',
  'lead.status.contacted': 'Contactée',
  'lead.status.qualified': 'Qualifiée',
  'lead.status.converted': 'Gagnée',
  'lead.status.lost': 'Perdue',
  'lead.score.cold': 'Froide',
  'lead.score.warm': 'Tiède',
  'lead.score.hot': 'Chaude',
};
