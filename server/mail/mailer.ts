/** One message to one person, as plain text. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Hands mail to whoever delivers it; rejects when it was not taken. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}
