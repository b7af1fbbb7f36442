import { createTransport } from 'nodemailer';
import { senderOf, type Mail, type Mailer } from './mailer.ts';

/** Sends through the operator's SMTP server. */
export class SmtpMailer implements Mailer {
  readonly sender: string;
  readonly #transport;
  readonly #from: string;

  constructor(url: string, from: string) {
    this.#transport = createTransport(url, {
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    } as object);
    this.#from = from;
    this.sender = senderOf(from);
  }

  async send({ to, subject, text, replyTo, id, invitation }: Mail) {
    await this.#transport.sendMail({
      from: this.#from,
      to: addressed(to),
      ...(replyTo !== undefined && { replyTo: addressed(replyTo) }),
      ...(id !== undefined && { messageId: id }),
      subject,
      text,
      // Beside the text, where mail programs look for it, and attached, for those that only open files.
      ...(invitation && { icalEvent: { method: invitation.method, filename: 'invitation.ics', content: invitation.text } }),
    });
  }
}

/** An address as it is: read as a list of people, what stands in it could name others. */
const addressed = (address: string) => ({ name: '', address });
