/** A call that carries JSON. */
export const json = (method: string, body: unknown, headers: Record<string, string> = {}) => ({
  method,
  body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json', ...headers },
});

/** The header of a call that comes with an access token. */
export const bearing = (token: string) => ({ Authorization: `Bearer ${token}` });
