import fc from 'fast-check';
import { readServerSentEvents, type ServerSentEvent } from '../../src/client';

async function read(chunks: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(ReadableStream.from(chunks))) events.push(event);
  return events;
}

const STREAM = [
  'retry: 3000\n\n',
  ': still there\n\n',
  'id: 1\nevent: snapshot\ndata: {"preis":"€"}\n\n',
  'data: first\ndata: second\n\n',
  'event: diff\r\ndata:tight\r\nid: 2\r\n\r\n',
  'event: nothing\n\n',
  'id: 3\ndata: cut off',
].join('');

const EVENTS = [
  { id: '1', event: 'snapshot', data: '{"preis":"€"}' },
  { id: '1', event: 'message', data: 'first\nsecond' },
  { id: '2', event: 'diff', data: 'tight' },
];

test('events are read wherever the chunks are cut, and one that is cut off is none', async () => {
  const bytes = new TextEncoder().encode(STREAM);

  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.slice(places[index], end));

      expect(await read(chunks)).toEqual(EVENTS);
    }),
  );
});
