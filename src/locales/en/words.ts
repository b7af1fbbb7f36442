/** Words that many elements use. */
export const common = {
  cancel: 'Cancel',
  close: 'Close',
  previous: 'Previous',
  next: 'Next',
  retry: 'Try again',
  undo: 'Undo',
  remove: 'Remove',
  removeNamed: 'Remove {name}',
  clear: 'Clear',
  clearNamed: 'Clear {name}',
  search: 'Search',
  more: 'More',
  choose: 'Please choose',
  yes: 'Yes',
  no: 'No',
  none: 'None',
  required: 'required',
  loading: 'Loading…',
  showOptions: 'Show options',
  searching: 'Searching…',
  /** What a screen reader hears while someone types. */
  results: { one: '{count} result', other: '{count} results' },
  create: 'Add “{text}”',
  reconnecting: 'Reconnecting…',
  reference: 'Reference for support: {id}',
};

/** What the provider says, and the region of its messages. */
export const provider = {
  region: 'Messages',
  dismiss: 'Dismiss',
  dismissAll: 'Dismiss all',
  more: { one: '{count} more message', other: '{count} more messages' },
  good: 'Done',
  bad: 'Problem',
  neutral: 'Note',
};
