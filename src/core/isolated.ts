/** Makes a call whose fault is nobody else's: it is reported by itself, later. */
export function isolated(call: () => void) {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
