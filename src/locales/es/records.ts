import type { Messages } from '../index.ts';

export const records: Messages['records'] = {
  'contact.status.active': 'Activo',
  'contact.status.bounced': 'Rebotado',
  'contact.status.unsubscribed': 'Dado de baja',
  'contact.type.lead': 'Cliente potencial',
  'contact.type.client': 'Cliente',
  'contact.type.partner': 'Socio',
  'contact.type.other': 'Otro',
  'contact.priority.low': 'Baja',
  'contact.priority.medium': 'Media',
  'contact.priority.high': 'Alta',
  'lead.status.new': 'Nueva',
  'lead.status.contacted': 'Contactada',
  'lead.status.qualified': 'Cualificada',
  'lead.status.converted': 'Ganada',
  'lead.status.lost': 'Perdida',
  'lead.score.cold': 'Fría',
  'lead.score.warm': 'Templada',
  'lead.score.hot': 'Caliente',
};
