import type { Messages } from '../index.ts';

export const records: Messages['records'] = {
  'contact.status.active': 'نشطة',
  'contact.status.bounced': 'بريد مرتد',
  'contact.status.unsubscribed': 'ألغت الاشتراك',
  'lead.status.new': 'جديد',
  'lead.status.contacted': 'تم التواصل معه',
  'lead.status.qualified': 'مؤهَّل',
  'lead.status.converted': 'مكسوب',
  'lead.status.lost': 'مفقود',
  'lead.score.cold': 'بارد',
  'lead.score.warm': 'دافئ',
  'lead.score.hot': 'ساخن',
};
