/** Random words that are themselves a credential: refresh tokens, invitations. Only their hash is ever stored. */

const BYTES = 32;

export function newSecret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(BYTES)));
}

/** What is stored of a secret: enough to know it again, of no use to whoever reads it. */
export async function hashOf(secret: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', encode(secret))));
}

/**
 * The secret that follows another. It can be made again from the first with the server's key alone, so two who come with
 * the same one get the same successor, and still none is stored.
 */
export const successorOf = (secret: string, serverSecret: string): Promise<string> => signed(serverSecret, `refresh ${secret}`);

/**
 * The secret of an invitation, made of a random word and the server's key: a mail that goes out later has it again, and
 * the word alone, which is stored until then, is of no use.
 */
export const invitationToken = (nonce: string, serverSecret: string): Promise<string> =>
  signed(serverSecret, `invitation ${nonce}`);

/** What a key makes of a text: nobody makes it without the key, and the text is not told by it. */
export async function signed(serverSecret: string, text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(serverSecret), encode(text))));
}

/** A server has few secrets, and needs them all the time. */
const keys = new Map<string, Promise<CryptoKey>>();

function keyOf(secret: string): Promise<CryptoKey> {
  let key = keys.get(secret);
  if (!key) {
    key = crypto.subtle.importKey('raw', encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    keys.set(secret, key);
  }
  return key;
}

const encode = (text: string) => new TextEncoder().encode(text);

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
