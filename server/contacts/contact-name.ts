/** The last word is the last name; one word alone is a first name. */
export function splitName(name: string | null): { firstname: string | null; lastname: string | null } {
  const words = name?.split(/\s+/) ?? [];
  const lastname = words.length > 1 ? words.pop()! : null;
  return { firstname: words.join(' ') || null, lastname };
}
