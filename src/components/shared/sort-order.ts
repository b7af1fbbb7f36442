/** What a row is sorted by. */
export interface Sorted {
  key: string | number | null;
  id: string;
}

/** The server's order, which is the same for readers of every language. */
const collator = new Intl.Collator('en');

/** Whether one row stands before another in a sorted list: what has no value comes last in either order, equals go by id. */
export function standsBefore(one: Sorted, other: Sorted, order: 'asc' | 'desc'): boolean {
  const difference = compared(one.key, other.key, order) || (one.id < other.id ? -1 : 1) * (order === 'asc' ? 1 : -1);
  return difference < 0;
}

function compared(key: Sorted['key'], other: Sorted['key'], order: 'asc' | 'desc') {
  if (key === null || other === null) return Number(key === null) - Number(other === null);
  const difference = typeof key === 'number' && typeof other === 'number' ? key - other : collator.compare(`${key}`, `${other}`);
  return order === 'asc' ? difference : -difference;
}
