/**
 * Gives back what glibc keeps: memory that a busy hour freed stays with the process, in case it is wanted again. After thousands of calls
 * that is a quarter of it, and no garbage collection of V8's touches it. No setting of glibc's makes up for `malloc_trim(3)`, which Node
 * does not offer.
 *
 * @returns to be called when nothing is urgent: it takes some milliseconds, more the first time. Where there is no glibc, or no binary of
 *   koffi's for this processor, it does nothing.
 */
export function freePages(): () => Promise<void> {
  let found: Promise<() => void> | undefined;
  return async () => {
    found ??= findTrim();
    (await found)();
  };
}

async function findTrim(): Promise<() => void> {
  if (process.platform !== 'linux') return nothing;
  try {
    const { load } = await import('koffi');
    const trim = load('libc.so.6').func('int malloc_trim(size_t pad)');
    return () => void trim(0);
  } catch {
    return nothing;
  }
}

const nothing = (): void => undefined;
