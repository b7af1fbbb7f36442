import { createTransport } from 'nodemailer';
import type { Mail, Mailer } from './mailer.ts';

/** Sends through the operator's SMTP server. */
export class SmtpMailer implements Mailer {
  readonly #transport;
  readonly #from: string;

  constructor(url: string, from: string) {
    this.#transport = createTransport(url, {
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    } as object);
    this.#from = from;
  }

  async send({ to, subject, text }: Mail) {
    await this.#transport.sendMail({ from: this.#from, to: { name: '', address: to }, subject, text });
  }
}
