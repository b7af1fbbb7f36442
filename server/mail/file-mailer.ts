import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../ids.ts';
import type { Mail, Mailer } from './mailer.ts';

/** Puts each mail into a file of its own, for development; the names sort by time. */
export class FileMailer implements Mailer {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async send({ to, subject, text }: Mail) {
    await mkdir(this.#directory, { recursive: true });
    await writeFile(join(this.#directory, `${newId()}.txt`), `To: ${to}\nSubject: ${subject}\n\n${text}`, { mode: 0o600 });
  }
}
