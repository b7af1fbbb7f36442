import type { Launcher } from './parts.ts';
import type { LaterChunk, LoadLater } from './sending/leftovers.ts';

/** Written in by the build: what the file for what could not be sent hashes to. */
declare const LATER_INTEGRITY: string;

/** Brings that file from beside this one. */
export const laterThrough =
  (launcher: Launcher): LoadLater =>
  () =>
    launcher.bring<LaterChunk>(new URL('later.js', import.meta.url).href, LATER_INTEGRITY);
