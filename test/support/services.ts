interface TestServices {
  readonly databaseUrl: string;
  /** Empty where there is no Redis; tests that need it are inside `describeWithRedis`. */
  readonly redisUrl: string;
  /** None where there is no Kafka; tests that need it are inside `describeWithKafka`. */
  readonly kafkaBrokers: string[];
}

/** Addresses of the real services of this run: those `start-services.ts` started, or the ones given by these variables. */
export function testServices(): TestServices {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_REDIS_MISSING } = process.env;
  const { TEST_KAFKA_BROKERS, TEST_KAFKA_MISSING } = process.env;
  if (!TEST_DATABASE_URL || !(TEST_REDIS_URL || TEST_REDIS_MISSING) || !(TEST_KAFKA_BROKERS || TEST_KAFKA_MISSING)) {
    throw new Error('the integration tests have no services: run them through jest with its globalSetup');
  }
  return {
    databaseUrl: TEST_DATABASE_URL,
    redisUrl: TEST_REDIS_URL ?? '',
    kafkaBrokers: TEST_KAFKA_BROKERS?.split(',') ?? [],
  };
}

/** `describe` for tests that need Kafka: skipped, with the reason in the name, on a machine that has none. */
export const describeWithKafka = describeUnless(process.env.TEST_KAFKA_MISSING);

/** The same for Redis. */
export const describeWithRedis = describeUnless(process.env.TEST_REDIS_MISSING);

function describeUnless(missing: string | undefined): (name: string, tests: () => void) => void {
  return (name, tests) => (missing ? describe.skip(`${name} (skipped: ${missing})`, tests) : describe(name, tests));
}
