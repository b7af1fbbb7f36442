export * from './client/index.ts';
export { ContactTable } from './components/contact-table/contact-table.ts';
export { ContactOpenEvent } from './components/contact-table/contact-table.events.ts';
export { LeadTable } from './components/lead-table/lead-table.ts';
export { LeadOpenEvent } from './components/lead-table/lead-table.events.ts';
export { MillErrorEvent } from './components/shared/error.events.ts';
