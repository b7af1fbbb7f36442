export { createApp, type App } from './app.ts';
export type { AppParts } from './app-parts.ts';
export { DEMO_PASSWORD } from './demo-password.ts';
export type { Seed } from './seed/seed.ts';
export { readSettings, StartError, type Settings } from './settings.ts';
export { startServer, type RunningServer, type StartOptions } from './start.ts';
export { untilStopped } from './until-stopped.ts';
