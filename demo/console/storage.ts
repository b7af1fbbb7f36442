/** What was stored under a name; null where nothing was, undefined where the browser refuses storage. */
export function restore(name: string): string | null | undefined {
  try {
    return localStorage.getItem(name);
  } catch {
    return undefined;
  }
}

/** Stores a value, or removes it. */
export function store(name: string, value: string | undefined) {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Whoever stores it knows it as long as the page lasts.
  }
}
