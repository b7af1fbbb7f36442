/** What the states and kinds of records are called, wherever they are shown. */
export const records = {
  'contact.status.active': 'Active',
  'contact.status.bounced': 'Bounced',
  'contact.status.unsubscribed': 'Unsubscribed',
  'lead.status.new': 'New',
  'lead.status.contacted': 'Contacted',
  'lead.status.qualified': 'Qualified',
  'lead.status.converted': 'Won',
  'lead.status.lost': 'Lost',
  'lead.score.cold': 'Cold',
  'lead.score.warm': 'Warm',
  'lead.score.hot': 'Hot',
};
