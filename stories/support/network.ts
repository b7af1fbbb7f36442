import { millrace } from '../../src/components/capture/capture.ts';

type Answer = (request: Request) => Promise<Response>;

const answers = new Map<string, Answer>();
const original = window.fetch;

window.fetch = (input, init) => {
  const request = new Request(input, init);
  return (answers.get(new URL(request.url).origin) ?? original)(request);
};

// Counting views is the one call of a form that does not go through fetch.
millrace('consent', { analytics: false });

/** Answers what the forms on the page, which have no client to be given, ask of an origin. */
export function answerFor(origin: string, answer: Answer) {
  answers.set(origin, answer);
}
