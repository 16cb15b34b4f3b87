import type { Bus } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { CONSUMERS } from '../../src/consumers';
import { TickwireError } from '../../src/platform/errors';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { type RunOptions, runCommand } from './run-command';
import { sharedBus } from './shared-bus';

/** Groups that read the topic with the three events. */
const PRICE_GROUPS = CONSUMERS.filter(({ topic }) => topic.name === priceEvents.name).map(({ name }) => name);

let bus: Bus;

beforeEach(async () => {
  bus = openMemoryBus({ partitions: 2 });
  await bus.publish([1, 2, 3].map((sequence) => priceEvents.message(aPriceEvent({ sequence }))));
});

afterEach(() => bus.stop());

const tickwire = (argv: readonly string[], options: RunOptions = {}) =>
  runCommand(argv, { openBus: () => sharedBus(bus), ...options });

/** Handles everything as that group, from now on. */
function consumeAs(group: string) {
  const onFatal = (error: Error) => {
    throw error;
  };
  return bus.subscribe({ group, topic: 'price-events', maxBatch: 10, handle: async () => undefined, onFatal });
}

async function lagOf(group: string): Promise<number> {
  return (await bus.lag([group], ['price-events'])).reduce((sum, { lag }) => sum + lag, 0);
}

async function finish(group: string): Promise<void> {
  const running = await consumeAs(group);
  await eventually(async () => (await lagOf(group)) === 0);
  await running.stop();
}

describe('lag', () => {
  it('shows each group with its partitions, and the total', async () => {
    await finish('price-history');

    const { exitCode, stdout } = await tickwire(['lag']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^price-history +price-events +0 +0:0 1:0$/m);
    expect(stdout).toMatch(/^moving-average +price-events +3 +(0:3 1:0|0:0 1:3)$/m);
    expect(stdout).toMatch(new RegExp(`^total +${3 * (PRICE_GROUPS.length - 1)}$`, 'm'));
  });

  it('prints the offsets with --json', async () => {
    const document = JSON.parse((await tickwire(['lag', '--json'])).stdout);

    expect(document).toMatchObject({
      total: 3 * PRICE_GROUPS.length,
    });
    expect(document.groups.map(({ group }: { group: string }) => group)).toEqual(CONSUMERS.map(({ name }) => name));
    expect(document.groups[0]).toMatchObject({ group: 'price-history', topic: 'price-events', lag: 3 });
    expect(document.groups[0].partitions).toEqual(
      expect.arrayContaining([{ partition: expect.any(Number), committed: null, end: '3', lag: 3 }]),
    );
  });

  it('waits until every group has caught up', async () => {
    const waiting = tickwire(['lag', '--wait', '20', '--json']);
    const running = await Promise.all(PRICE_GROUPS.map(consumeAs));

    const { exitCode, stdout } = await waiting;

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).total).toBe(0);
    await Promise.all(running.map((each) => each.stop()));
  });

  it('fails after the deadline, having shown who is behind', async () => {
    const { exitCode, stdout, stderr } = await tickwire(['lag', '--wait', '0']);

    expect(exitCode).toBe(1);
    const behind = 3 * PRICE_GROUPS.length;
    expect(stdout).toMatch(new RegExp(`^total +${behind}$`, 'm'));
    expect(stderr).toMatch(
      new RegExp(`^error: the consumers are still ${behind} events behind after 0 s; are they running`),
    );
  });

  it('waits for a broker that is away meanwhile', async () => {
    for (const group of PRICE_GROUPS) await finish(group);
    let asked = 0;
    const shaky = sharedBus(bus, {
      lag: async (groups, topics) => {
        asked += 1;
        if (asked === 1) throw new TickwireError('BUS_UNAVAILABLE', 'the broker does not answer');
        return bus.lag(groups, topics);
      },
    });

    const { exitCode } = await tickwire(['lag', '--wait', '20'], { openBus: () => shaky });

    expect(exitCode).toBe(0);
    expect(asked).toBe(2);
  });

  it('an interrupt ends the waiting with 130', async () => {
    const stop = new AbortController();
    const looking = sharedBus(bus, {
      lag: async (groups, topics) => {
        stop.abort();
        return bus.lag(groups, topics);
      },
    });

    const { exitCode, stderr } = await tickwire(['lag', '--wait', '600'], {
      signal: stop.signal,
      openBus: () => looking,
    });

    expect(exitCode).toBe(130);
    expect(stderr).toBe('');
  });
});

describe('groups reset', () => {
  it('lets the groups named read everything again, and leaves the others', async () => {
    await finish('price-history');
    await finish('moving-average');

    const { exitCode, stdout } = await tickwire(['groups', 'reset', 'moving-average']);

    expect(exitCode).toBe(0);
    expect(stdout).toBe('moving-average starts again at the beginning of price-events\n');
    expect(await lagOf('moving-average')).toBe(3);
    expect(await lagOf('price-history')).toBe(0);
  });

  it('resets every group with --all', async () => {
    await finish('latest-price');

    const { stdout } = await tickwire(['groups', 'reset', '--all', '--json']);

    expect(JSON.parse(stdout).reset.map(({ group }: { group: string }) => group)).toEqual(
      CONSUMERS.map(({ name }) => name),
    );
    expect(await lagOf('latest-price')).toBe(3);
  });

  it('refuses with a sentence while a consumer of the group is running', async () => {
    const running = await consumeAs('price-history');

    const { exitCode, stdout, stderr } = await tickwire(['groups', 'reset', 'price-history']);

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: group price-history has 1 running member\(s\); stop them, then reset it\n$/);
    await running.stop();
  });
});
