/** Settles like `work`, or rejects with the signal's reason as soon as it aborts; `work` itself goes on. */
export const unlessAborted = <T>(signal: AbortSignal | null, work: Promise<T>) =>
  new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    void work.then(resolve, reject).then(() => signal?.removeEventListener('abort', abort));
  });

/** Resolves after `milliseconds`, or rejects with the signal's reason and leaves no timer behind. */
export function wait(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return unlessAborted(signal, over).finally(() => clearTimeout(timer));
}
