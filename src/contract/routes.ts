import { auditRoutes } from './audit.ts';
import { companyRoutes } from './company.ts';
import { contactRoutes } from './contact.ts';
import { memberRoutes } from './member.ts';
import { authRoutes } from './session.ts';
import { workspaceRoutes } from './workspace.ts';

/** The whole API: an endpoint that is not here does not exist. Groups are the client's resources, keys their verbs. */
export const routes = {
  auth: authRoutes,
  workspace: workspaceRoutes,
  members: memberRoutes,
  audit: auditRoutes,
  contacts: contactRoutes,
  companies: companyRoutes,
};
export type Routes = typeof routes;

/** Every address of the API begins with this. */
export const API_PREFIX = '/api/v2';
