/**
 * The moment at which a visitor was given a hosted form, signed, so that the form itself can bring it back: without a script
 * nothing else says how long they took.
 */
export class StartedMarks {
  readonly #secrets: readonly string[];
  readonly #clock: () => number;

  constructor(secrets: readonly [string, ...string[]], clock: () => number) {
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /** A mark of this moment, which counts for one form alone. */
  async make(formId: string): Promise<string> {
    const moment = this.#clock().toString(36);
    const signature = await crypto.subtle.sign('HMAC', await keyOf(this.#secrets[0]!), textOf(formId, moment));
    return `${moment}.${hex(new Uint8Array(signature))}`;
  }

  /** The milliseconds since a mark was made; nothing where it is none of ours, or another form's. */
  async elapsed(formId: string, mark: string): Promise<number | undefined> {
    const [, moment, signature] = /^([\da-z]{1,11})\.([\da-f]{64})$/.exec(mark) ?? [];
    if (moment === undefined || signature === undefined) return undefined;
    for (const secret of this.#secrets) {
      if (await crypto.subtle.verify('HMAC', await keyOf(secret), bytesOf(signature), textOf(formId, moment)))
        return Math.max(0, this.#clock() - Number.parseInt(moment, 36));
    }
    return undefined;
  }
}

const keyOf = (secret: string) =>
  crypto.subtle.importKey('raw', encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);

const textOf = (formId: string, moment: string) => encode(`form started ${formId} ${moment}`);
const encode = (text: string) => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string) => Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
