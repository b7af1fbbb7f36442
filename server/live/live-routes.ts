import { liveRoutes as routes } from '../../src/contract/live.ts';
import type { Api } from '../http/api.ts';
import type { Live } from './live.ts';

export function serveEvents(api: Api, live: Live) {
  api.serveStream(routes.stream, ({ caller, authorise, query, request, requestId }) =>
    live.listen({ caller, authorise, events: query.events, lastEventId: request.headers.get('last-event-id'), requestId }),
  );
}
