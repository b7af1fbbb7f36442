import type { Notice } from './notice.ts';
import type { Text } from '../../core/text-layers.ts';

type Name =
  | 'caption'
  | 'search'
  | 'searchHint'
  | 'loading'
  | 'pages'
  | 'shown'
  | 'shownSorted'
  | 'pageLimit'
  | 'unseen'
  | 'clear'
  | `column.${string}`
  | `notice.${Notice}.${'title' | 'text'}`;

/** What a table says of its records, by the names of their section in the bundles. */
export type RecordTexts = Readonly<Record<Name, Text>>;
