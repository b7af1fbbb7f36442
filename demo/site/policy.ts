/**
 * The strictest policy that the widget needs nothing beyond: scripts by nonce alone, nothing made from text but by the
 * policy `millrace`, calls and posts to the API alone. The page holds both launchers, and each makes the policy.
 */
export const strictPolicy = (api: string, nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    `connect-src ${api}`,
    `form-action ${api}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types millrace 'allow-duplicates'",
  ].join('; ');
