import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../ids.ts';
import { senderOf, type Mail, type Mailer } from './mailer.ts';

/** Puts each mail into a file of its own, for development, and its invitation beside it; the names sort by time. */
export class FileMailer implements Mailer {
  readonly sender: string;
  readonly #directory: string;

  constructor(directory: string, from: string) {
    this.#directory = directory;
    this.sender = senderOf(from);
  }

  async send({ to, subject, text, replyTo, id, invitation }: Mail) {
    await mkdir(this.#directory, { recursive: true });
    const name = newId();
    const head = { To: to, Subject: subject, 'Reply-To': replyTo, 'Message-ID': id, Attached: invitation && `${name}.ics` };
    const lines = Object.entries(head).flatMap(([field, value]) => (value === undefined ? [] : [`${field}: ${value}\n`]));
    if (invitation) await this.#write(`${name}.ics`, invitation.text);
    await this.#write(`${name}.txt`, `${lines.join('')}\n${text}`);
  }

  #write(name: string, text: string) {
    return writeFile(join(this.#directory, name), text, { mode: 0o600 });
  }
}
