/** Answers what the elements of an app ask, as a server with one lead would. */

const lead = {
  id: '01900000-0000-7000-8000-000000000001',
  version: 1,
  title: 'Solar roof',
  contact: { name: 'Ada Lovelace', email: 'ada@example.com', phone_number: null, company: null },
  status: 'new',
  stage_id: '01900000-0000-7000-8000-000000000002',
  source_id: null,
  score: 'hot',
  score_value: 90,
  lead_value: 12_500,
  currency: 'EUR',
  owner: null,
  last_activity_at: null,
  tags: [],
};

const metadata = { timestamp: '2026-01-01T00:00:00.000Z', request_id: 'app' };

export async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith('/events'))
    return new Response(new ReadableStream(), { headers: { 'Content-Type': 'text/event-stream' } });
  if (pathname.endsWith('/auth/me')) {
    const me = {
      user: null,
      workspace: { id: lead.id, name: 'App' },
      role: null,
      permissions: ['crm:leads:view'],
      workspaces: [],
    };
    return Response.json({ success: true, data: { ...me, components: null }, metadata });
  }
  const data = pathname.endsWith('/leads') ? [lead] : [];
  const pagination = { total: data.length, total_is_estimate: false, page: 1, page_size: 2, pages: 1, next_cursor: null };
  return Response.json({ success: true, data, pagination, metadata });
}
