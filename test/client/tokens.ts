/** A token that says who holds it and how long it lives, signed by nobody. */
export function jwt(claims: { sub?: string; ws?: string; iat?: number; exp?: number; jti?: number }) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.signature`;
}

/** A source of tokens for one user that counts how often it was asked. */
export function tokenSource({ life = 600, sub = 'anna', ws = 'acme' } = {}) {
  const source = {
    given: [] as string[],
    sub,
    ws,
    getToken: async () => {
      const token = jwt({ sub: source.sub, ws: source.ws, iat: 1_000, exp: 1_000 + life, jti: source.given.length });
      source.given.push(token);
      return token;
    },
  };
  return source;
}
