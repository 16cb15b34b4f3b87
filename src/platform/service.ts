/** Anything with a life. */
export interface Service {
  readonly name: string;
  /** Settles when it can do its work. */
  start(): Promise<void>;
  /** Settles when nothing of it can still run. Safe twice, and after a failed start. */
  stop(): Promise<void>;
}

/** Starts in order; when one fails, those already started are stopped in reverse and the failure is thrown. */
export async function startAll(services: readonly Service[]): Promise<void> {
  const started: Service[] = [];
  try {
    for (const service of services) {
      started.push(service);
      await service.start();
    }
  } catch (error) {
    await stopAll(started).catch(() => undefined);
    throw error;
  }
}

/** Stops in reverse order; every one is stopped even when another fails, then the first failure is thrown. */
export async function stopAll(services: readonly Service[]): Promise<void> {
  const failures: unknown[] = [];
  for (const service of [...services].reverse()) {
    await service.stop().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
