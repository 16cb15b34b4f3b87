import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { TickwireError } from '../../src/platform/errors';
import { passed } from '../../src/platform/event-flow';
import { silentLog } from '../../src/platform/log';
import { openMetrics } from '../../src/platform/metrics';
import { runDuePolls } from '../../src/poller/run-due-polls';
import { countEach, timeEach } from '../../src/processes/consumer-metrics';
import { openProviders } from '../../src/providers/open-provider';
import type { QuoteBatch } from '../../src/providers/provider';
import { openMemoryStore } from '../../src/store/memory';
import { openDatabase } from '../../src/store/postgres/database';
import type { Store } from '../../src/store/store';
import { anAnswer, aProvider } from '../providers/scripted-provider';
import { eventually } from '../support/eventually';
import { interruptible } from '../support/failing';
import { aRunner } from '../support/job-runner';
import { serveLive } from '../support/live';
import { valueIn } from '../support/metrics';
import { providersAnswering, quotesAt } from '../support/providers';

const NEVER = new AbortController().signal;

/** Metrics, and the value of one of them now. */
function told() {
  const metrics = openMetrics();
  const value = async (name: string, labels: Record<string, string> = {}) =>
    valueIn(await metrics.text(), name, labels);
  return { metrics, value };
}

describe('the flow of events', () => {
  const ago = (ms: number) => new Date(Date.now() - ms);

  it('counts all events of a batch, and takes the age of its first by both clocks', async () => {
    const { metrics, value } = told();
    const first = { observedAt: ago(60_000), fetchedAt: ago(3_000) };

    passed(metrics, 'stored', [first, { observedAt: ago(0), fetchedAt: ago(0) }]);

    expect(await value('tickwire_events_total', { stage: 'stored' })).toBe(2);
    for (const [from, seconds] of [
      ['market', 60],
      ['fetch', 3],
    ] as const) {
      expect(await value('tickwire_event_age_seconds_count', { from, to: 'row' })).toBe(1);
      expect(await value('tickwire_event_age_seconds_sum', { from, to: 'row' })).toBeCloseTo(seconds, 0);
    }
  });

  it('takes no age where nothing arrives, and none below 0 of a market whose clock is ahead', async () => {
    const { metrics, value } = told();
    const ahead = { observedAt: ago(-60_000), fetchedAt: ago(0) };

    passed(metrics, 'fetched', [ahead]);
    passed(metrics, 'cached', []);
    passed(metrics, 'cached', [ahead]);

    expect(await metrics.text()).not.toContain('to="row"');
    expect(await value('tickwire_events_total', { stage: 'fetched' })).toBe(1);
    expect(await value('tickwire_event_age_seconds_count', { from: 'market', to: 'cache' })).toBe(1);
    expect(await value('tickwire_event_age_seconds_sum', { from: 'market', to: 'cache' })).toBe(0);
  });
});

describe('a consumer', () => {
  it('has what it counts in the metrics, from the start and under their names', async () => {
    const { metrics, value } = told();
    const count = countEach({ consumer: 'bars', metrics, log: silentLog });
    const before = await value('tickwire_dead_letters_total', { consumer: 'bars' });

    count('handled', 5);
    count('retried', 1);
    count('undecodable', 2);
    count('dead_lettered', 3);
    count('dead_letters_lost', 4);
    count('late_beyond_slack', 6);
    count('something_of_its_own', 7);

    expect(before).toBe(0);
    expect(await value('tickwire_consumer_events_total', { consumer: 'bars' })).toBe(5);
    expect(await value('tickwire_consumer_retries_total', { consumer: 'bars' })).toBe(1);
    expect(await value('tickwire_undecodable_records_total', { consumer: 'bars' })).toBe(2);
    expect(await value('tickwire_dead_letters_total', { consumer: 'bars' })).toBe(3);
    expect(await value('tickwire_dead_letters_lost_total', { consumer: 'bars' })).toBe(4);
    expect(await value('tickwire_late_events_total', { consumer: 'bars' })).toBe(6);
  });

  it('says in the log what should not pass unseen, and only that', () => {
    const warnings: object[] = [];
    const log = { ...silentLog, warn: (fields: object) => warnings.push(fields) };
    const count = countEach({ consumer: 'bars', metrics: told().metrics, log });

    count('handled', 5);
    count('retried', 1);
    count('dead_lettered', 1);

    expect(warnings).toEqual([{ counter: 'dead_lettered', total: 1 }]);
  });

  it('is timed for each batch, also for one that fails', async () => {
    const { metrics, value } = told();
    const status = () => ({ state: 'idle', sinceMs: 0 }) as const;
    const timed = timeEach(
      { handle: (records) => (records.length > 0 ? Promise.reject(new Error('no')) : Promise.resolve()), status },
      { consumer: 'bars', metrics },
    );
    const context = { signal: NEVER, heartbeat: async () => undefined };
    const record = { topic: 't', partition: 0, offset: '0', timestampMs: 0, key: null, value: null, headers: {} };

    await timed.handle([], context);
    await expect(timed.handle([record], context)).rejects.toThrow('no');

    expect(await value('tickwire_consumer_batch_duration_seconds_count', { consumer: 'bars' })).toBe(2);
    expect(timed.status()).toEqual(status());
  });
});

describe('a poller', () => {
  interface World {
    readonly store: Store;
    pass(seconds: number): void;
  }

  async function aPoller(answer: (symbols: readonly string[], world: World) => QuoteBatch | Promise<QuoteBatch>) {
    const { metrics, value } = told();
    let now = new Date();
    const pass = (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    };
    const bus = interruptible(openMemoryBus({ partitions: 1 }));
    await bus.start();
    await bus.createTopics([{ name: priceEvents.name, partitions: 1 }]);
    const store = openMemoryStore({ clock: () => now });
    await store.pollJobs.create({ symbols: ['AAPL', 'MSFT'], intervalSeconds: 60, provider: 'tested' }, {});
    const { providers } = providersAnswering((symbols) => answer(symbols, { store, pass }));
    const stage = { store, bus, providers, metrics, clock: () => now, log: silentLog, owner: 'poller-1' };
    return { bus, value, pass, run: () => runDuePolls(stage, NEVER) };
  }

  it('tells how late it was, the ticks without a run, and what became of the run', async () => {
    const { run, pass, value } = await aPoller(quotesAt(101));
    await run();
    pass(60 * 3 + 4);

    await run();

    expect(await value('tickwire_poll_runs_total', { provider: 'tested', outcome: 'succeeded' })).toBe(2);
    expect(await value('tickwire_poll_lateness_seconds_sum')).toBeCloseTo(4, 1);
    expect(await value('tickwire_poll_missed_ticks_total')).toBe(2);
    expect(await value('tickwire_events_total', { stage: 'fetched' })).toBe(4);
    expect(await value('tickwire_events_total', { stage: 'published' })).toBe(4);
  });

  it('does not count as published what stays in the outbox', async () => {
    const { run, bus, value } = await aPoller(quotesAt(101));
    bus.down = true;

    await run();

    expect(await value('tickwire_events_total', { stage: 'fetched' })).toBe(2);
    expect(await value('tickwire_events_total', { stage: 'published' })).toBeUndefined();
  });

  it('tells a run as lost when another poller has taken it over', async () => {
    const { run, value } = await aPoller(async (symbols, { store, pass }) => {
      pass(120);
      await store.pollJobs.claimDue({ owner: 'poller-2', leaseSeconds: 60, limit: 1 });
      return quotesAt(101)(symbols);
    });

    await run();

    expect(await value('tickwire_poll_runs_total', { provider: 'tested', outcome: 'lost' })).toBe(1);
  });
});

describe('the calls to a vendor', () => {
  const limits = [{ name: 'day', limit: 1, windowMs: 86_400_000 }];

  it('are timed by outcome, and those not made are counted by what refused them', async () => {
    const { metrics, value } = told();
    const answers = [anAnswer(['AAPL']), new TickwireError('PROVIDER_TIMEOUT', 'late', { retryAfterMs: 60_000 })];
    const vendor = aProvider(async () => {
      const answer = answers.shift();
      if (!answer || answer instanceof TickwireError) throw answer ?? new Error('asked too often');
      return answer;
    });
    const providers = openProviders({ environment: {}, takeQuota: async () => 0, definitions: [vendor], metrics });
    const before = await value('tickwire_provider_refusals_total', { provider: 'scripted', reason: 'pause' });
    const ask = () => providers.source('scripted').fetchQuotes(['AAPL'], NEVER);

    for (let asked = 0; asked < 3; asked++) await ask();

    const calls = (outcome: string) =>
      value('tickwire_provider_call_duration_seconds_count', { provider: 'scripted', outcome });
    expect([await calls('succeeded'), await calls('PROVIDER_TIMEOUT')]).toEqual([1, 1]);
    expect(before).toBe(0);
    expect(await value('tickwire_provider_refusals_total', { provider: 'scripted', reason: 'pause' })).toBe(1);
  });

  it('that the quota or the breaker refuse are counted apart', async () => {
    const { metrics, value } = told();
    const failing = aProvider(() => Promise.reject(new TickwireError('PROVIDER_UNAVAILABLE', 'down')));
    const used = aProvider(async (symbols) => anAnswer(symbols), { name: 'used', aliases: [], limits });
    const takeQuota = async () => 3_600_000;
    const providers = openProviders({ environment: {}, takeQuota, definitions: [failing, used], metrics });

    for (let asked = 0; asked < 6; asked++) await providers.source('scripted').fetchQuotes(['AAPL'], NEVER);
    await providers.source('used').fetchQuotes(['AAPL'], NEVER);

    expect(await value('tickwire_provider_refusals_total', { provider: 'scripted', reason: 'breaker' })).toBe(1);
    expect(await value('tickwire_provider_refusals_total', { provider: 'used', reason: 'quota' })).toBe(1);
    expect(await metrics.text()).not.toContain('provider="used",outcome');
  });

  it('are not counted as refused when their caller gives up while it waits', async () => {
    const { metrics, value } = told();
    const vendor = aProvider(async (symbols) => anAnswer(symbols), { limits });
    const leaving = new AbortController();
    const takeQuota = async () => {
      leaving.abort();
      return 100;
    };
    const providers = openProviders({ environment: {}, takeQuota, definitions: [vendor], metrics });

    await providers.source('scripted').fetchQuotes(['AAPL'], leaving.signal);

    expect(await value('tickwire_provider_refusals_total', { provider: 'scripted', reason: 'quota' })).toBe(0);
  });
});

describe('a runner of model jobs', () => {
  it('tells how long jobs waited and ran, and how they ended', async () => {
    const { metrics, value } = told();
    const { runner, submit, when } = aRunner({ metrics });
    await runner.start();
    try {
      const good = await submit({});
      const bad = await submit({ mode: 'unusable' });
      await when(good, ({ status }) => status === 'completed');
      await when(bad, ({ status }) => status === 'failed');

      const ended = (outcome: string) =>
        value('tickwire_model_job_duration_seconds_count', { model: 'obedient', outcome });
      await eventually(async () => expect([await ended('completed'), await ended('failed')]).toEqual([1, 1]));
      expect(await value('tickwire_model_job_wait_seconds_count', { model: 'obedient' })).toBe(2);
    } finally {
      await runner.stop();
    }
  });
});

describe('sockets and streams', () => {
  it('are counted, and each change that they were told once, however many they are', async () => {
    const { metrics, value } = told();
    const served = await serveLive({}, [], metrics);
    try {
      await served.publish({ A: 1 });
      const clients = [served.connect(), served.connect()];
      await Promise.all(clients.map((client) => client.told('snapshot')));

      await served.publish({ A: 2, B: 5 });
      await Promise.all(clients.map((client) => client.told('diff')));

      expect(await value('tickwire_live_connections')).toBe(2);
      expect(await value('tickwire_events_total', { stage: 'sent' })).toBe(2);
      expect(await value('tickwire_event_age_seconds_count', { from: 'market', to: 'socket' })).toBe(1);
    } finally {
      await served.stop();
    }
  });
});

test('a change is counted once, and not at all where nobody is connected', async () => {
  const { metrics, value } = told();
  const served = await serveLive({}, [], metrics);
  const sent = () => value('tickwire_events_total', { stage: 'sent' });
  try {
    const first = served.connect();
    await first.told('snapshot');
    for (const price of [1, 2]) {
      await served.publish({ A: price });
      await first.told('diff', price);
    }
    const whileConnected = await sent();
    first.socket.close();
    await eventually(() => served.live.connections() === 0);
    await served.publish({ A: 3 });

    const second = served.connect();
    await second.told('snapshot');
    await served.publish({ A: 4 });
    await second.told('diff');

    expect([whileConnected, await sent()]).toEqual([2, 3]);
  } finally {
    await served.stop();
  }
});

describe('the pool of the database', () => {
  it('tells what it may have, though no server answers', async () => {
    const { metrics, value } = told();
    const databaseUrl = 'postgresql://postgres@127.0.0.1:1/postgres';

    const database = openDatabase({ databaseUrl, log: silentLog, maxConnections: 7, metrics });

    expect(await value('tickwire_database_connections_max')).toBe(7);
    expect(await value('tickwire_database_connections', { state: 'in_use' })).toBe(0);
    expect(await value('tickwire_database_connections_wanted')).toBe(0);
    await database.stop();
  });
});
