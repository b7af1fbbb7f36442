/**
 * Ranks: texts that stand in the order of their bytes, with always room for another between two. A rank is a whole number
 * and, after it, a fraction. The whole number's first character says its sign and length (`a` has one digit, `b` two, and
 * below them `Z` one, `Y` two), so that going on at either end lengthens ranks only as a logarithm does. Neither part ends
 * in the smallest digit: two ranks that differ leave room between them.
 */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LARGEST = 'z';
const FIRST_RANK = 'a1';

/** A rank between two, either of which may be left out; refuses two that are not in order. */
export function rankBetween(before?: string, after?: string): string {
  if (before === undefined) return after === undefined ? FIRST_RANK : rankBelow(after);
  const whole = wholeOf(before);
  if (after === undefined) return nextWhole(whole);
  if (before >= after) throw new RangeError(`There is no rank between ${before} and ${after}.`);
  const fraction = before.slice(whole.length);
  if (wholeOf(after) === whole) return whole + fractionBetween(fraction, after.slice(whole.length));
  const next = nextWhole(whole);
  return next < after ? next : whole + fractionBetween(fraction, undefined);
}

/** As many ranks as are asked for, in order, all between two, either of which may be left out. */
export function ranksBetween(before: string | undefined, after: string | undefined, count: number): string[] {
  if (count <= 0) return [];
  if (after === undefined) return walk(count, before, (last) => rankBetween(last));
  if (before === undefined) return walk(count, after, (last) => rankBetween(undefined, last)).reverse();
  const middle = rankBetween(before, after);
  const below = Math.floor((count - 1) / 2);
  return [...ranksBetween(before, middle, below), middle, ...ranksBetween(middle, after, count - 1 - below)];
}

function walk(count: number, start: string | undefined, step: (last: string | undefined) => string): string[] {
  const ranks: string[] = [];
  for (let last = start; ranks.length < count;) ranks.push((last = step(last)));
  return ranks;
}

function rankBelow(rank: string): string {
  const whole = wholeOf(rank);
  return whole < rank ? whole : previousWhole(whole);
}

const wholeOf = (rank: string) => rank.slice(0, 1 + digitsAfter(rank[0]!));

const digitsAfter = (head: string) => (head >= 'a' ? distance('a', head) : distance(head, 'Z')) + 1;

const distance = (from: string, to: string) => to.charCodeAt(0) - from.charCodeAt(0);

function nextWhole(whole: string): string {
  const digits = Array.from(whole.slice(1));
  const last = digits.length - 1;
  for (let at = last; at >= 0; at--) {
    if (digits[at] !== LARGEST) {
      digits[at] = DIGITS[DIGITS.indexOf(digits[at]!) + 1]!;
      return whole[0] + digits.join('');
    }
    digits[at] = smallest(at, last);
  }
  const head = headBeside(whole, 1);
  return `${head}${'0'.repeat(digitsAfter(head) - 1)}1`;
}

function previousWhole(whole: string): string {
  const digits = Array.from(whole.slice(1));
  const last = digits.length - 1;
  for (let at = last; at >= 0; at--) {
    if (digits[at]! > smallest(at, last)) {
      digits[at] = DIGITS[DIGITS.indexOf(digits[at]!) - 1]!;
      return whole[0] + digits.join('');
    }
    digits[at] = LARGEST;
  }
  const head = headBeside(whole, -1);
  return head + LARGEST.repeat(digitsAfter(head));
}

const smallest = (at: number, last: number) => (at === last ? '1' : '0');

const HEADS = DIGITS.slice(10);

/** The head of the whole numbers above or below all of this length. Their row ends after more than any list can hold. */
function headBeside(whole: string, side: 1 | -1): string {
  const head = HEADS[HEADS.indexOf(whole[0]!) + side];
  if (head === undefined) throw new RangeError(`There is no rank beyond ${whole}.`);
  return head;
}

/** A fraction in the middle of two; the lower may be empty, the upper left out. */
function fractionBetween(low: string, high: string | undefined): string {
  if (high !== undefined) {
    let shared = 0;
    while ((low[shared] ?? '0') === high[shared]) shared++;
    if (shared > 0) return high.slice(0, shared) + fractionBetween(low.slice(shared), high.slice(shared));
  }
  const lower = low === '' ? 0 : DIGITS.indexOf(low[0]!);
  const upper = high === undefined ? DIGITS.length : DIGITS.indexOf(high[0]!);
  if (upper - lower > 1) return DIGITS[Math.floor((lower + upper) / 2)]!;
  // Neighbouring digits: the upper one alone lies between where it has more behind it.
  if (high !== undefined && high.length > 1) return high[0]!;
  return DIGITS[lower] + fractionBetween(low.slice(1), undefined);
}
