/** The whole contract: every schema with its type, every route, and the codes that answers are made of. */
export * from './audit.ts';
export * from './company.ts';
export * from './contact.ts';
export * from './envelope.ts';
export * from './events.ts';
export * from './fields.ts';
export * from './issues.ts';
export * from './member.ts';
export * from './permissions.ts';
export * from './query.ts';
export * from './route.ts';
export * from './routes.ts';
export * from './session.ts';
export * from './workspace.ts';
