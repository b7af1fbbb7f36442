/** The item of the local storage that says how many submissions wait. */
export const COUNT_ITEM = 'millrace.queue';

/** Whether an earlier visit has left something to send. */
export function mayWait() {
  try {
    return COUNT_ITEM in localStorage;
  } catch {
    // Where nothing may be stored nothing waits.
    return false;
  }
}
