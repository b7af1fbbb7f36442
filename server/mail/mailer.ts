/** One message to one person, as plain text. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  /** Who gets the answer, where that is not the sender. */
  replyTo?: string;
  /** What a repeat of this very message is known by; made up where it is left out. */
  id?: string;
  /** A calendar of one event, which goes along as an invitation. */
  invitation?: { method: 'REQUEST' | 'CANCEL'; text: string };
}

/** Hands mail to whoever delivers it; rejects when it was not taken. */
export interface Mailer {
  /** The address that all of it comes from. */
  readonly sender: string;
  send(mail: Mail): Promise<void>;
}

/** The address in what an operator says that mail comes from: `Millrace <millrace@localhost>` or the address alone. */
export const senderOf = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
