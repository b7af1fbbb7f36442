import type { Notice } from './notice.ts';

/** What a table says of its records. */
export interface RecordTexts {
  readonly caption: string;
  readonly search: string;
  readonly searchHint: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly loading: string;
  readonly pages: string;
  readonly shown: (range: string, sorting: string) => string;
  readonly pageLimit: (rows: number) => string;
  readonly unseen: (count: number) => string;
  readonly clear: string;
  readonly notices: Readonly<Record<Notice, { readonly title: string; readonly text: string }>>;
}
