import type { LaterChunk, Launcher } from './parts.ts';

/** Written in by the build: what the file for what could not be sent hashes to. */
declare const LATER_INTEGRITY: string;

/** Brings that file from beside this one. */
export const laterThrough = (launcher: Launcher) => () =>
  launcher.bring<LaterChunk>(new URL('later.js', import.meta.url).href, LATER_INTEGRITY);
