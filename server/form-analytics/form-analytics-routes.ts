import { captureRoutes } from '../../src/contract/capture.ts';
import { formReportRoutes, formRoutes } from '../../src/contract/form.ts';
import type { Api } from '../http/api.ts';
import { originRefused } from '../http/origins.ts';
import type { FormAnalyticsService } from './form-analytics-service.ts';
import type { CountedForm, FormEventService } from './form-event-service.ts';

/** A published form, with the origins of the pages that may tell of it beside the server's own. */
interface PublishedForm extends CountedForm {
  origins: readonly string[];
}

/** Finds a published form, whatever its workspace. */
type LookUp = (id: string, requestId: string) => Promise<PublishedForm | undefined>;

const MOST_BYTES = 65_536;

/** Looking each up may cost a query, and hardly a page has so many. */
const MOST_FORMS = 20;

export function serveFormAnalytics(api: Api, analytics: FormAnalyticsService) {
  api.serve(formRoutes.analytics, ({ tenant, params, query }) => analytics.analytics(tenant, params.id, query));
  api.serve(formReportRoutes.forms, ({ tenant, query }) => analytics.forms(tenant, query));
}

/** Beacons come as plain text, for with another type a browser would have to ask first, and a page that ends can't wait. */
export function serveFormEvents(api: Api, events: FormEventService, lookUp: LookUp) {
  api.serveOpen(captureRoutes.events, async ({ request, requestId, origin, json, answer }) => {
    const { events: sent } = await json({ most: MOST_BYTES, also: ['text/plain'] });
    if (wantsNoCounting(request.headers)) return answer(undefined);
    const forms = new Map<string, PublishedForm>();
    let isRefused = false;
    for (const id of [...new Set(sent.map((event) => event.form_id))].slice(0, MOST_FORMS)) {
      const form = await lookUp(id, requestId);
      if (!form) continue;
      if (origin === undefined || form.origins.includes(origin)) forms.set(id, form);
      else isRefused = true;
    }
    await events.record(sent, forms, requestId);
    if (isRefused && forms.size === 0) throw originRefused(origin!);
    return answer(undefined);
  });
}

const wantsNoCounting = (headers: Headers) => headers.get('sec-gpc') === '1' || headers.get('dnt') === '1';
