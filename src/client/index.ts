export { createClient, type Client } from './client.ts';
export { ApiError, ConnectionError } from './errors.ts';
export { liveOf, type Live, type LiveListener, type LiveOptions, type LiveState } from './live.ts';
export type { Page } from './answers.ts';
export type { CallOptions } from './request.ts';
export type { ClientOptions } from './transport.ts';
