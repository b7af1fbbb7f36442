/** Whether a pattern, with `*` for anything, is the whole of a text. */
export const matches = (pattern: string, text: string) =>
  RegExp(`^${pattern.replace(/[^\w*]/g, '\\$&').replace(/\*/g, '.*')}$`, 'i').test(text);
