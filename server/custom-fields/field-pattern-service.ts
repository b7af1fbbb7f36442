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
