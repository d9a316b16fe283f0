const LOCK = 'parkline-phone';

/**
 * One tab of a browser is the phone; two would register as one device and take each other's calls.
 * @returns false when another tab holds it; the lock is kept until the page closes
 */
export function holdPhoneLock(): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => {});
    });
  });
}
