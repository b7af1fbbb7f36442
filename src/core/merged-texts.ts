import type { TextTree } from './text-layers.ts';

/** All texts of both; where both have one, that of `inner`. */
export function mergedTexts(outer: TextTree, inner: TextTree): TextTree {
  const names = new Set([...Object.keys(outer), ...Object.keys(inner)]);
  return Object.fromEntries(Array.from(names, (name) => [name, mergedText(outer, inner, name)]));
}

function mergedText(outer: TextTree, inner: TextTree, name: string): string | TextTree {
  const [below, above] = [outer, inner].map((texts) => (Object.hasOwn(texts, name) ? texts[name] : undefined));
  if (typeof below === 'object' && typeof above === 'object') return mergedTexts(below, above);
  return (above ?? below)!;
}
