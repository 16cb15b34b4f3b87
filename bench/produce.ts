import { openKafkaBus } from '../src/bus/kafka';
import { priceEvents } from '../src/bus/topics';
import { silentLog } from '../src/platform/log';
import { type BenchServices, check, type Measured, secondsSince } from './benchmark';
import { chunksOf, makeEvents } from './events';
import { sendPerEvent } from './peers/send-per-event';

const EVENTS = 200_000;
const PEER_EVENTS = 3_000;

/** Events acknowledged by the broker per second, through our bus, against one awaited `send` per event. */
export async function produce({ kafkaBrokers }: BenchServices): Promise<Measured> {
  const [ourTopic, peerTopic] = ['bench-produce', 'bench-produce-peer'];
  const bus = openKafkaBus({ brokers: kafkaBrokers, ssl: false, clientId: 'bench', log: silentLog });
  await bus.start();
  await bus.createTopics([ourTopic, peerTopic].map((name) => ({ name, partitions: 6 })));
  const messages = [...makeEvents(EVENTS, 200, 'bench')].map((event) => ({
    ...priceEvents.message(event),
    topic: ourTopic,
  }));

  const startMs = performance.now();
  for (const chunk of chunksOf(messages, 2_000)) await bus.publish(chunk);
  const seconds = secondsSince(startMs);

  const ends = await bus.lag(['bench-nobody'], [ourTopic]);
  const stored = ends.reduce((sum, { end }) => sum + Number(end), 0);
  check(stored === EVENTS, `the topic holds ${stored} records, not ${EVENTS}`);
  const peerMessages = messages
    .slice(0, PEER_EVENTS)
    .map(({ key, value }) => ({ key: String(key), value: String(value) }));
  const peer = await sendPerEvent(kafkaBrokers, peerTopic, peerMessages);
  await bus.stop();
  return {
    what: `events produced and acknowledged (${EVENTS} events of ${String(messages[0]?.value).length} bytes)`,
    unit: 'events/s',
    ours: EVENTS / seconds,
    peer,
    peerName: 'one awaited send per event',
    wanted: 15,
    notes: [],
  };
}
