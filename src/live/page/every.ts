/** Does `work` now and `ms` after each end of it while the page is seen, and once when it is seen again; one that fails is done again all the same. */
export function every(ms: number, work: () => Promise<void>): { soon(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let isWanted = false;
  const run = async () => {
    clearTimeout(timer);
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    if (!document.hidden) await work().catch(() => undefined);
    isRunning = false;
    const again = isWanted;
    isWanted = false;
    timer = setTimeout(() => void run(), again ? 0 : ms);
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void run();
  });
  void run();
  return { soon: () => void run() };
}
