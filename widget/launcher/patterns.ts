/** Whether one of the patterns, with `*` for anything, is the whole of one of the texts; no patterns mean any text. */
export const matchesAny = (patterns: readonly string[] | undefined, texts: readonly string[]) =>
  !patterns ||
  patterns.some((pattern) => {
    const whole = RegExp(`^${pattern.replace(/[^\w*]/g, '\\$&').replace(/\*/g, '.*')}$`, 'i');
    return texts.some((text) => whole.test(text));
  });

/** The spellings of the page's address that a pattern may mean. */
export function spellingsOfAddress() {
  const { href, pathname, search } = location;
  return [href, pathname, pathname + search];
}
