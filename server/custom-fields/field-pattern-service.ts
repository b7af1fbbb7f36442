import { sql } from 'kysely';
import type { Query } from '../db/query.ts';

/** How long a pattern is at most with its repeats written out: PostgreSQL's automaton grows with it. */
const MOST_ATOMS = 500;

const ESCAPE = String.raw`\\[dwstnrfv^$.*+?()[\]{}|\\/-]`;
const TOKEN = new RegExp(
  [
    String.raw`(?<open>\((?:\?:)?(?!\?))`,
    String.raw`(?<close>\))`,
    String.raw`(?<or>\|)`,
    String.raw`(?<repeat>[*+?]|\{(?<least>\d+)(?<most>,\d*)?\})(?![+?])`,
    String.raw`(?<atom>${ESCAPE}|\\[DWS]|\[(?!\^?\])\^?(?:${ESCAPE}|[^\\[\]])+\]|[^\\[\](){}*+?|])`,
  ].join('|'),
  'uy',
);

/**
 * Whether a pattern means the same to JavaScript and to PostgreSQL, as one that the whole of a line of text must match, and
 * costs neither much: literals, classes, groups, alternatives, anchors, and greedy repeats of bounded size.
 */
export const isSharedPattern = (pattern: string): boolean => compiles(pattern, 'u') && compiles(pattern, 'v') && isSmall(pattern);

function compiles(pattern: string, flags: string): boolean {
  try {
    return Boolean(new RegExp(pattern, flags));
  } catch {
    return false;
  }
}

/** Reads the pattern piece by piece; one that has a piece of another kind is refused. */
function isSmall(pattern: string): boolean {
  /** For each open group how many atoms it has, and how many of them the last piece. */
  const groups = [{ atoms: 0, last: 0 }];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < pattern.length;) {
    const token = TOKEN.exec(pattern)?.groups;
    if (!token) return false;
    const group = groups.at(-1)!;
    if (token['open']) groups.push({ atoms: 0, last: 0 });
    else if (token['close']) add(groups.at(-2)!, groups.pop()!.atoms + 1);
    else if (token['or']) add(group, 0);
    else if (token['repeat']) {
      const { least = '1', most } = token;
      const times = Math.max(Number(least), Number(most?.slice(1) || 0));
      if (times > 255) return false;
      add(group, group.last * (times - 1));
    } else {
      // Two such signs compute with classes where the flag v is set.
      if (/&&|--/.test(token['atom']!)) return false;
      add(group, 1);
    }
    if (groups.some(({ atoms }) => atoms > MOST_ATOMS)) return false;
  }
  return true;
}

function add(group: { atoms: number; last: number }, atoms: number) {
  group.atoms += atoms;
  group.last = atoms;
}

/** A pattern with a text that is to match it. */
export interface Tried {
  pattern: string;
  text: string;
}

/**
 * Tries patterns, all in one statement, and tells how each went. PostgreSQL takes no longer for any of them than its length;
 * JavaScript could take for ever.
 */
export async function tryPatterns(query: Query, tried: readonly Tried[]): Promise<(pattern: string, text: string) => boolean> {
  const keyOf = (pattern: string, text: string) => `${pattern}\n${text}`;
  if (tried.length === 0) return () => true;
  const { rows } = await sql<{ matches: boolean }>`
    select pattern_matches(pattern, said) as matches
    from unnest(${tried.map(({ pattern }) => pattern)}::text[], ${tried.map(({ text }) => text)}::text[]) with ordinality a (pattern, said, place)
    order by place`.execute(query);
  const found = new Map(tried.map(({ pattern, text }, index) => [keyOf(pattern, text), rows[index]!.matches]));
  return (pattern, text) => found.get(keyOf(pattern, text)) ?? true;
}
