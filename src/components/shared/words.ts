/**
 * Whether the texts together hold every word that was searched for, whatever its case and accents. Near enough to the
 * server's own search to tell whether a record that changed belongs to what is shown.
 */
export function matchesWords(search: string | undefined, texts: readonly (string | null)[]): boolean {
  const text = ` ${folded(texts.join(' '))}`;
  return folded(search ?? '')
    .split(/\s+/)
    .every((word) => text.includes(word.length < 3 && word !== '' ? ` ${word}` : word));
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
