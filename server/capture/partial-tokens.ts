import { signed } from '../secret-tokens.ts';

/** The tokens by which visitors bring their partial submissions to an end. None is stored: each can be made again from its ids. */
export class PartialTokens {
  readonly #secrets: readonly string[];

  constructor(secrets: readonly [string, ...string[]]) {
    this.#secrets = secrets;
  }

  /** It names its form, by which the workspace is found. */
  async make(formId: string, submissionId: string): Promise<string> {
    return `${formId}.${await signed(this.#secrets[0]!, textOf(formId, submissionId))}`;
  }

  /** The form of a submission's token; nothing where it is another's, or none of ours. */
  async formOf(token: string, submissionId: string): Promise<string | undefined> {
    const [, formId] = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.[\w-]{43}$/.exec(token) ?? [];
    if (formId === undefined) return undefined;
    for (const secret of this.#secrets)
      if (isSame(token, `${formId}.${await signed(secret, textOf(formId, submissionId))}`)) return formId;
    return undefined;
  }
}

const textOf = (formId: string, submissionId: string) => `partial submission ${formId} ${submissionId}`;

/** Takes as long wherever two texts of the same length differ. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
