/** Why a list has no answer: `offline` ends by itself, `failed` may end with another try, the others don't. */
export type ListFailure = 'offline' | 'forbidden' | 'signed-out' | 'failed';

/** By name and status rather than by class: the client may come from another copy of the package. */
export function failureOf(error: unknown): ListFailure {
  const { name, status } = error as { name?: unknown; status?: unknown };
  if (name === 'ConnectionError') return 'offline';
  if (status === 403) return 'forbidden';
  return status === 401 ? 'signed-out' : 'failed';
}
