import type { Bring } from '../launcher/bring.ts';
import type { LaterChunk, LoadLater } from '../sending/leftovers.ts';

/** Written in by the build: what the file for what could not be sent hashes to. */
declare const LATER_INTEGRITY: string;

/** Brings that file of the release. */
export const laterBy =
  (bring: Bring): LoadLater =>
  () =>
    bring<LaterChunk>('later.js', LATER_INTEGRITY);
