/** One file of the widget with what it is sent as. */
export interface CdnFile {
  body: Uint8Array<ArrayBuffer>;
  /** The same, packed beforehand; where packing makes it no smaller it is left out. */
  packed: { br?: Uint8Array<ArrayBuffer>; gzip?: Uint8Array<ArrayBuffer> };
  type: string;
  etag: string;
}

/** The widget as it is built, and every release of it that still has to be there. */
export interface CdnFiles {
  /** The version that snippets name: its addresses never change what they hold. */
  version: string;
  /** The sha384 of each file of that version, by its name. */
  integrity: Readonly<Record<string, string>>;
  /** By address, as `/cdn/v1/millrace.js`. */
  files: ReadonlyMap<string, CdnFile>;
}
