import { activityRoutes, contactActivityRoutes, leadActivityRoutes } from './activity.ts';
import { apiKeyRoutes } from './api-key.ts';
import { auditRoutes } from './audit.ts';
import { companyRoutes } from './company.ts';
import { contactRoutes } from './contact.ts';
import { dealRoutes, leadDealRoutes } from './deal.ts';
import { embedRoutes } from './embed.ts';
import { jobRoutes, leadJobRoutes } from './job.ts';
import { leadSourceRoutes } from './lead-source.ts';
import { leadRoutes } from './lead.ts';
import { liveRoutes } from './live.ts';
import { memberRoutes } from './member.ts';
import { pipelineRoutes } from './pipeline.ts';
import { authRoutes } from './session.ts';
import { tagRoutes } from './tag.ts';
import { workspaceRoutes } from './workspace.ts';

/** The whole API: an endpoint that is not here does not exist. Groups are the client's resources, keys their verbs. */
export const routes = {
  auth: authRoutes,
  workspace: workspaceRoutes,
  members: memberRoutes,
  audit: auditRoutes,
  apiKeys: apiKeyRoutes,
  embedTokens: embedRoutes,
  contacts: { ...contactRoutes, activities: contactActivityRoutes.list, addActivity: contactActivityRoutes.create },
  companies: companyRoutes,
  leads: {
    ...leadRoutes,
    activities: leadActivityRoutes.list,
    addActivity: leadActivityRoutes.create,
    deals: leadDealRoutes.list,
    addDeal: leadDealRoutes.create,
    jobs: leadJobRoutes.list,
    addJob: leadJobRoutes.create,
  },
  pipelines: pipelineRoutes,
  leadSources: leadSourceRoutes,
  activities: activityRoutes,
  deals: dealRoutes,
  jobs: jobRoutes,
  tags: tagRoutes,
  live: liveRoutes,
};
export type Routes = typeof routes;

/** Every address of the API begins with this. */
export const API_PREFIX = '/api/v2';
