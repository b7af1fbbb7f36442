/** As many tags as a record has at most, and as long as its notes are at most. */
const MOST_TAGS = 50;
const LONGEST_NOTES = 5_000;

/** The tags of two records, those of the first before those of the second, each once whatever its case; `left` is beyond the number that a record may have. */
export function uniteTags(first: readonly string[], second: readonly string[]): { tags: string[]; left: string[] } {
  const seen = new Set<string>();
  const united = [...first, ...second].filter((tag) => !seen.has(tag.toLowerCase()) && seen.add(tag.toLowerCase()));
  return { tags: united.slice(0, MOST_TAGS), left: united.slice(MOST_TAGS) };
}

/** The notes of two records one below the other; those of the second are `left` where both together are too long. */
export function uniteNotes(first: string | null, second: string | null): { notes: string | null; left: string | null } {
  if (second === null || first?.includes(second)) return { notes: first, left: null };
  const united = first === null ? second : `${first}\n\n${second}`;
  return united.length <= LONGEST_NOTES ? { notes: united, left: null } : { notes: first, left: second };
}
