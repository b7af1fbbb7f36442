import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A mail as it came over the wire. */
interface Received {
  from: string;
  to: string;
  text: string;
}

/** The least of an SMTP server: it takes every mail. */
export async function startSmtp() {
  const mails: Received[] = [];
  const server = createServer((socket) => {
    const mail: Received = { from: '', to: '', text: '' };
    let isData = false;
    let rest = '';
    const take = (line: string) => {
      if (isData) {
        if (line !== '.\r\n') return void (mail.text += line);
        isData = false;
        mails.push({ ...mail });
        return socket.write('250 Taken\r\n');
      }
      const [, verb, words] = /^(\w+)(.*)\r\n$/.exec(line) as string[] as [string, string, string];
      if (verb === 'MAIL') mail.from = /<.*?>/.exec(words)![0];
      if (verb === 'RCPT') mail.to = /<.*?>/.exec(words)![0];
      isData = verb === 'DATA';
      return socket.write(isData ? '354 Go on\r\n' : verb === 'QUIT' ? '221 Bye\r\n' : '250 Fine\r\n');
    };
    socket.write('220 test\r\n');
    socket.setEncoding('utf8').on('data', (text: string) => {
      rest += text;
      for (let end = rest.indexOf('\r\n'); end !== -1; end = rest.indexOf('\r\n')) {
        take(rest.slice(0, end + 2));
        rest = rest.slice(end + 2);
      }
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, mails, close: () => void server.close() };
}
