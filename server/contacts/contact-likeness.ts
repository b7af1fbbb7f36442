import type { DuplicateReason } from '../../src/contract/duplicate.ts';

/** What of a contact is compared with another's; name and company are folded: small letters without accents. */
export interface Compared {
  email: string | null;
  phone_number: string | null;
  name: string | null;
  company: string | null;
}

export interface Likeness {
  score: number;
  reasons: DuplicateReason[];
}

/** How sure each sign makes it that two are one person. */
const SAME_MAILBOX = 95;
const SAME_NUMBER = 90;
const SAME_END_OF_NUMBER = 60;
/** Of a number where one has an extension and the other has none. */
const OTHER_EXTENSION = 30;
const NAME_AND_COMPANY = 80;
const NAME_ALONE = 45;

/** From this likeness on a word is taken for a misspelling of the other, a whole name or company for the same. */
const LIKE_WORD = 0.7;
const LIKE_NAME = 0.8;
const SAME_NAME = 0.95;
const LIKE_COMPANY = 0.75;

/** Why two contacts may be one person, and how sure that is; no reason at all is a score of nothing. */
export function likenessOf(one: Compared, other: Compared): Likeness {
  const reasons = [
    reason(
      'email',
      one.email !== null && other.email !== null && mailboxOf(one.email) === mailboxOf(other.email) ? SAME_MAILBOX : 0,
    ),
    reason('phone', phoneScore(one.phone_number, other.phone_number)),
    reason('name_company', nameScore(one, other)),
  ]
    .filter(({ score }) => score > 0)
    .sort((first, second) => second.score - first.score);
  const doubt = reasons.reduce((left, { score }) => left * (1 - score / 100), 1);
  return { score: Math.round(100 * (1 - doubt)), reasons };
}

const reason = (code: DuplicateReason['code'], score: number): DuplicateReason => ({ code, score });

/** As `mailbox_of` in the migrations has it. */
function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@');
  const box = email.slice(0, at).toLowerCase();
  const domain = email.slice(at + 1).toLowerCase();
  const name = box.split('+')[0] || box;
  return domain === 'gmail.com' || domain === 'googlemail.com' ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`;
}

/** With fewer digits two numbers that end alike may well be of two towns. */
const WHOLE_NUMBER = 9;
const FEWEST_DIGITS = 5;

function phoneScore(one: string | null, other: string | null): number {
  if (one === null || other === null) return 0;
  const [first, second] = [numberOf(one), numberOf(other)];
  const [short, long] = first.digits.length <= second.digits.length ? [first, second] : [second, first];
  if (short.digits.length < FEWEST_DIGITS || !long.digits.endsWith(short.digits)) return 0;
  // Two extensions are two desks.
  if (short.extension && long.extension && short.extension !== long.extension) return 0;
  const isWhole = short.digits === long.digits || short.digits.length >= WHOLE_NUMBER;
  return (isWhole ? SAME_NUMBER : SAME_END_OF_NUMBER) - (short.extension === long.extension ? 0 : OTHER_EXTENSION);
}

/** The digits that are dialled from everywhere, and those of the extension. */
function numberOf(phone: string) {
  const [, dialled, extension = ''] = /^(.*?)(?:\s*(?:x|ext\.?|#)\s*(\d+))?$/i.exec(phone)!;
  return { digits: dialled!.replace('(0)', '').replace(/\D/g, '').replace(/^0+/, ''), extension };
}

function nameScore(one: Compared, other: Compared): number {
  if (one.name === null || other.name === null) return 0;
  const [first, second] = [wordsOf(one.name, TITLES), wordsOf(other.name, TITLES)];
  const name = likenessOfNames(first, second);
  if (one.company === null || other.company === null) {
    return name >= SAME_NAME && Math.min(first.length, second.length) > 1 ? Math.round(NAME_ALONE * name) : 0;
  }
  const company = likenessOfCompanies(wordsOf(one.company, LEGAL_FORMS), wordsOf(other.company, LEGAL_FORMS));
  return name >= LIKE_NAME && company >= LIKE_COMPANY ? Math.round(NAME_AND_COMPANY * name * (0.7 + 0.3 * company)) : 0;
}

const TITLES = new Set('mr mrs ms miss dr prof herr frau jr sr'.split(' '));
const LEGAL_FORMS = new Set(
  'ltd limited llc llp inc incorporated corp corporation co company plc gmbh mbh ag kg kgaa ohg ug ek se sa sas sarl srl spa bv nv oy ab as aps pty pte the und and'.split(
    ' ',
  ),
);

/** So many letters tell who somebody is; to compare more takes time with the square of them. */
const MOST_LETTERS = 60;

/** The first words of a text without those that say nothing, unless there are no others. */
function wordsOf(text: string, sayingNothing: ReadonlySet<string>): string[] {
  const words = text
    .slice(0, MOST_LETTERS)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const telling = words.filter((word) => !sayingNothing.has(word));
  return telling.length > 0 ? telling : words;
}

/** Each word of the shorter name finds its like in the longer, in whatever order; a first name alone is but half a name. */
function likenessOfNames(one: string[], other: string[]): number {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length === 0) return 0;
  const asOneWord = likenessOfWords(short.join(''), long.join(''));
  const left = [...long];
  let sum = 0;
  for (const word of short) {
    const likes = left.map((candidate) => likenessOfWords(word, candidate));
    const best = Math.max(...likes);
    if (best < LIKE_WORD) return asOneWord >= 0.9 ? asOneWord : 0;
    sum += best;
    left.splice(likes.indexOf(best), 1);
  }
  const isHalf = short.length === 1;
  return Math.max(asOneWord >= 0.9 && !isHalf ? asOneWord : 0, (sum / short.length) * 0.95 ** left.length * (isHalf ? 0.75 : 1));
}

function likenessOfCompanies(one: string[], other: string[]): number {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const isPart = short.length > 0 && short.every((word) => long.includes(word));
  return Math.max(likenessOfWords([...one].sort().join(''), [...other].sort().join('')), isPart ? 0.85 : 0);
}

/** An initial stands for its name. */
const INITIAL = 0.85;

function likenessOfWords(one: string, other: string): number {
  if (one === other) return 1;
  if ((one.length === 1 || other.length === 1) && one[0] === other[0]) return INITIAL;
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 0 : 1 - mistakesBetween(one, other) / longest;
}

/** How many letters are wrong, missing or too many, or stand in each other's place. */
function mistakesBetween(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      let fewest = Math.min(above[column]! + 1, line[column - 1]! + 1, above[column - 1]! + (isSame ? 0 : 1));
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        fewest = Math.min(fewest, before[column - 2]! + 1);
      line.push(fewest);
    }
    [before, above] = [above, line];
  }
  return above[other.length]!;
}
