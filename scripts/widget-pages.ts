import type { TestRunnerConfig } from '@web/test-runner';
import { bundleWidget } from './widget.ts';

type Middleware = NonNullable<TestRunnerConfig['middleware']>[number];

/** The title of a form whose submissions are never taken. */
const BUSY = 'Busy';

/**
 * Pages of a customer for the browser tests, which show them in frames: `/widget/page?html=…&csp=…` is what a test writes,
 * `/widget/cdn/` the built widget, `/widget/altered/` the same with one byte of the form changed, `/widget/older/` another
 * version, `/widget/flaky/<any>/` one whose form does not come the first time. A form's id holds what it says, so that any form can be read of this API.
 */
export function widgetPages(): Middleware {
  let built: ReturnType<typeof bundleWidget> | undefined;
  const beacons: unknown[] = [];
  const failed = new Set<string>();
  return async (context, next) => {
    const { pathname, searchParams } = new URL(context.url, 'http://localhost');
    if (!pathname.startsWith('/widget/') && !pathname.startsWith('/api/v2/public/')) return next();
    context.set('Access-Control-Allow-Origin', '*');
    context.set('Cache-Control', 'no-store');

    const [, kind, file] = /^\/widget\/(cdn|altered|older|flaky)\/(?:.*\/)?([\w.-]+\.js)$/.exec(pathname) ?? [];
    const id = /^\/api\/v2\/public\/forms\/([\w-]+)$/.exec(pathname)?.[1];
    if (kind && file) {
      const { files, version } = await (built ??= bundleWidget());
      if (kind === 'flaky' && file === 'form.js' && !failed.has(pathname)) {
        failed.add(pathname);
        context.status = 503;
        return;
      }
      context.type = 'text/javascript';
      context.body = files[file];
      if (kind === 'altered' && file === 'form.js') context.body += ';';
      if (kind === 'older') context.body = files[file]?.replaceAll(version, '0.0.1-000000000000');
    } else if (pathname === '/widget/page') {
      const policy = searchParams.get('csp');
      if (policy) context.set('Content-Security-Policy', policy);
      context.type = 'text/html';
      context.body = `<!doctype html><html lang="en"><head><title>A page</title></head>${searchParams.get('html')}</html>`;
    } else if (id) {
      context.body = { success: true, data: { id, ...JSON.parse(Buffer.from(id, 'base64url').toString()) } };
    } else if (pathname.endsWith('/submissions')) {
      const formId = pathname.split('/').at(-2)!;
      if (JSON.parse(Buffer.from(formId, 'base64url').toString()).title === BUSY) {
        context.status = 503;
        return;
      }
      context.status = 201;
      context.body = {
        success: true,
        data: { id: crypto.randomUUID(), state: 'received', success: { kind: 'message', message: 'Thank you' } },
      };
    } else if (pathname.endsWith('/events')) {
      if (context.method === 'POST') {
        const chunks = [];
        for await (const chunk of context.req) chunks.push(chunk);
        beacons.push(JSON.parse(Buffer.concat(chunks).toString()));
      }
      context.body = beacons;
    } else return next();
  };
}
