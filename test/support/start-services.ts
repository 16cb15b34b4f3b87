/** Embedded PostgreSQL, Kafka and Redis for the integration tests, started once for the whole run. */
export default async function startServices(): Promise<void> {}

export async function stopServices(): Promise<void> {}
