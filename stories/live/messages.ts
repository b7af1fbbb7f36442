/** What a page and the server in its worker say to each other. */

export type ToServer =
  | { kind: 'request'; number: number; url: string; method: string; headers: [string, string][]; body: ArrayBuffer | undefined }
  | { kind: 'abort'; number: number };

export type FromServer =
  /** Requests are answered from here on. */
  | { kind: 'started' }
  | { kind: 'broken'; message: string }
  | { kind: 'answer'; number: number; status: number; headers: [string, string][] }
  | { kind: 'chunk'; number: number; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'end'; number: number };

/** Where the server in the browser seems to be. */
export const LIVE_ORIGIN = 'http://millrace.test';
