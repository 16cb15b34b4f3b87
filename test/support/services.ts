/** Addresses of the real services of this run: those `start-services.ts` started, or the ones given by these variables. */
export function testServices(): { databaseUrl: string; redisUrl: string; kafkaBrokers: string[] } {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_KAFKA_BROKERS } = process.env;
  if (!TEST_DATABASE_URL || !TEST_REDIS_URL || !TEST_KAFKA_BROKERS) {
    throw new Error('the integration tests have no services: run them through jest with its globalSetup');
  }
  return { databaseUrl: TEST_DATABASE_URL, redisUrl: TEST_REDIS_URL, kafkaBrokers: TEST_KAFKA_BROKERS.split(',') };
}
