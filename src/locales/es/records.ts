import type { Messages } from '../index.ts';

export const records: Messages['records'] = {
  'contact.status.active': 'Activo',
  'contact.status.bounced': 'Rebotado',
  'contact.status.unsubscribed': 'Dado de baja',
  'lead.status.new': 'Nueva',
  'lead.status.contacted': 'Contactada',
  'lead.status.qualified': 'Cualificada',
  'lead.status.converted': 'Ganada',
  'lead.status.lost': 'Perdida',
  'lead.score.cold': 'Fría',
  'lead.score.warm': 'Templada',
  'lead.score.hot': 'Caliente',
};
