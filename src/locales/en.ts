const number = new Intl.NumberFormat('en');

/** Every text of the elements in English; another language is another object of the type `Texts`. */
export const en = {
  /** The language of dates and numbers between the texts. */
  locale: 'en',
  recordTable: {
    status: 'Status',
    anyStatus: 'All statuses',
    orders: { asc: 'ascending', desc: 'descending' },
    nothing: 'None',
    previous: 'Previous',
    next: 'Next',
    range: (from: number, to: number, total: number | null, isEstimate: boolean) => {
      const rows = from === to ? number.format(from) : `${number.format(from)}–${number.format(to)}`;
      return total === null ? rows : `${rows} of ${isEstimate ? 'about ' : ''}${number.format(total)}`;
    },
    sortedBy: (column: string, order: string) => `, sorted by ${column}, ${order}`,
    reconnecting: 'Reconnecting…',
    retry: 'Try again',
    reference: (id: string) => `Reference for support: ${id}`,
  },
  contactTable: {
    caption: 'Contacts',
    search: 'Search contacts',
    searchHint: 'Name, e-mail, company or phone',
    statuses: { active: 'Active', bounced: 'Bounced', unsubscribed: 'Unsubscribed' },
    columns: { name: 'Name', email: 'E-mail', company: 'Company', status: 'Status', created_at: 'Added' },
    unnamed: 'No name',
    loading: 'Loading contacts…',
    pages: 'Pages of contacts',
    /** What a screen reader hears once a page is there. */
    shown: (range: string, sorting: string) => `Contacts ${range}${sorting}.`,
    pageLimit: (rows: number) => `Pages reach the first ${number.format(rows)} contacts. Search or filter to see the others.`,
    unseen: (count: number) => (count === 1 ? '1 new contact' : `${number.format(count)} new contacts`),
    clear: 'Clear search and filter',
    notices: {
      empty: { title: 'No contacts yet', text: 'People appear here as soon as they are added or fill in a form.' },
      'no-match': { title: 'No contact matches', text: 'Try fewer or other words, or another status.' },
      failed: {
        title: 'The contacts could not be loaded',
        text: 'The server could not answer. Nothing is lost; try again in a moment.',
      },
      forbidden: { title: 'You may not see contacts', text: 'Ask an administrator of your workspace for access.' },
      'signed-out': { title: 'You are signed out', text: 'Sign in again to see contacts.' },
      offline: {
        title: 'No connection to the server',
        text: 'The contacts are loaded as soon as the connection is back.',
      },
    },
  },
  leadTable: {
    caption: 'Leads',
    search: 'Search leads',
    searchHint: 'Title, name, e-mail, company or phone',
    statuses: { new: 'New', contacted: 'Contacted', qualified: 'Qualified', converted: 'Won', lost: 'Lost' },
    scores: { cold: 'Cold', warm: 'Warm', hot: 'Hot' },
    columns: {
      title: 'Lead',
      contact: 'Contact',
      stage: 'Stage',
      score: 'Score',
      value: 'Value',
      owner: 'Owner',
      source: 'Source',
      activity: 'Last activity',
    },
    noOwner: 'Nobody',
    loading: 'Loading leads…',
    pages: 'Pages of leads',
    shown: (range: string, sorting: string) => `Leads ${range}${sorting}.`,
    pageLimit: (rows: number) => `Pages reach the first ${number.format(rows)} leads. Search or filter to see the others.`,
    unseen: (count: number) => (count === 1 ? '1 new lead' : `${number.format(count)} new leads`),
    clear: 'Clear search and filter',
    notices: {
      empty: { title: 'No leads yet', text: 'They appear here as soon as someone fills in a form or a lead is added.' },
      'no-match': { title: 'No lead matches', text: 'Try fewer or other words, or another status.' },
      failed: {
        title: 'The leads could not be loaded',
        text: 'The server could not answer. Nothing is lost; try again in a moment.',
      },
      forbidden: { title: 'You may not see leads', text: 'Ask an administrator of your workspace for access.' },
      'signed-out': { title: 'You are signed out', text: 'Sign in again to see leads.' },
      offline: { title: 'No connection to the server', text: 'The leads are loaded as soon as the connection is back.' },
    },
  },
};
export type Texts = typeof en;
