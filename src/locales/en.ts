const number = new Intl.NumberFormat('en');

/** Every text of the elements in English; another language is another object of the type `Texts`. */
export const en = {
  /** The language of dates and numbers between the texts. */
  locale: 'en',
  contactTable: {
    caption: 'Contacts',
    search: 'Search contacts',
    searchHint: 'Name, e-mail, company or phone',
    status: 'Status',
    anyStatus: 'All statuses',
    statuses: { active: 'Active', bounced: 'Bounced', unsubscribed: 'Unsubscribed' },
    columns: { name: 'Name', email: 'E-mail', company: 'Company', status: 'Status', created_at: 'Added' },
    orders: { asc: 'ascending', desc: 'descending' },
    sort: 'Sort',
    nothing: 'None',
    unnamed: 'No name',
    loading: 'Loading contacts…',
    pages: 'Pages of contacts',
    previous: 'Previous',
    next: 'Next',
    range: (from: number, to: number, total: number | null, isEstimate: boolean) => {
      const rows = from === to ? number.format(from) : `${number.format(from)}–${number.format(to)}`;
      return total === null ? rows : `${rows} of ${isEstimate ? 'about ' : ''}${number.format(total)}`;
    },
    /** What a screen reader hears once a page is there. */
    shown: (range: string, sorting: string) => `Contacts ${range}${sorting}.`,
    sortedBy: (column: string, order: string) => `, sorted by ${column}, ${order}`,
    pageLimit: (rows: number) => `Pages reach the first ${number.format(rows)} contacts. Search or filter to see the others.`,
    retry: 'Try again',
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
    reference: (id: string) => `Reference for support: ${id}`,
  },
};
export type Texts = typeof en;
