/** Words that many elements use. */
export const common = {
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  back: 'Back',
  previous: 'Previous',
  next: 'Next',
  retry: 'Try again',
  undo: 'Undo',
  add: 'Add',
  edit: 'Edit',
  delete: 'Delete',
  remove: 'Remove',
  removeNamed: 'Remove {name}',
  clear: 'Clear',
  clearNamed: 'Clear {name}',
  search: 'Search',
  more: 'More',
  actions: 'Actions',
  actionsFor: 'Actions for {name}',
  choose: 'Please choose',
  yes: 'Yes',
  no: 'No',
  none: 'None',
  optional: 'optional',
  required: 'required',
  loading: 'Loading…',
  showOptions: 'Show options',
  searching: 'Searching…',
  searchFailed: 'The search did not work.',
  noResults: 'Nothing found',
  /** What a screen reader hears while someone types. */
  results: { one: '{count} result', other: '{count} results' },
  create: 'Add “{text}”',
  chosen: '{name} chosen',
  charactersLeft: { one: '{count} character left', other: '{count} characters left' },
  reconnecting: 'Reconnecting…',
  reference: 'Reference for support: {id}',
};

/** Words around days; days themselves are written by the locale. */
export const dates = {
  choose: 'Choose a date',
  clear: 'Clear the date',
  today: 'Today',
  yesterday: 'Yesterday',
  tomorrow: 'Tomorrow',
  earliest: '{minimum} or later',
  latest: '{maximum} or earlier',
  between: 'From {minimum} to {maximum}',
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
