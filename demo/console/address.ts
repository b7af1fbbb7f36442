export const VIEWS = ['leads', 'contacts'] as const;
export type View = (typeof VIEWS)[number];

/** What the page's address asks to see. */
export interface Place {
  view: View;
  /** The record that is open above the list. */
  id?: string | undefined;
}

const RECORD = /^#\/(leads|contacts)(?:\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$/i;

/** Where the page is; the leads where its address says nothing that is known. */
export function placeNow(): Place {
  const [, view = 'leads', id] = RECORD.exec(location.hash) ?? [];
  return { view: view as View, id };
}

/** The token of the invitation that the page was opened with. */
export const invitationToken = () => /^#\/invitation\/([\w-]+)$/.exec(location.hash)?.[1];
