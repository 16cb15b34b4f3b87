import { createHash } from 'node:crypto';
import specification from '@asyncapi/specs/schemas/3.0.0.json';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import request from 'supertest';
import type { z } from 'zod';
import { asyncApiDocument } from '../../src/api/async-api';
import { type FrameDefinition, SOCKETS } from '../../src/api/async-api-messages';
import { asyncApiPage } from '../../src/api/async-api-page';
import { TOPIC_NAMES, TOPICS } from '../../src/bus/topics';
import { parseClientFrame } from '../../src/live/client-frame';
import { SOCKET_PATHS } from '../../src/live/live';
import { anApi } from '../support/api';
import { type ServedLive, serveLive } from '../support/live';
import { aNewsItem } from '../support/reference';

const document = asyncApiDocument('1.2.3');
const NOW = new Date('2026-11-21T07:00:00.000Z');

/** Formats and unknown keywords of the specification are of no concern to its validity. */
function compiled(schema: object): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

function frameOf(frames: readonly FrameDefinition[], name: string): z.ZodType {
  const schema = frames.find((frame) => frame.name === name)?.schema;
  if (schema) return schema;
  throw new Error(`no frame ${name} is documented`);
}

test('the document is AsyncAPI 3 by the official schema', () => {
  const isValid = compiled(specification);

  isValid(JSON.parse(JSON.stringify(document)));

  expect(isValid.errors).toBeNull();
});

test('this very check sees an operation without an action', () => {
  const broken = JSON.parse(JSON.stringify(document));
  delete broken.operations['send-price-events'].action;

  expect(compiled(specification)(broken)).toBe(false);
});

test('every topic and every socket is a channel, and every reference leads somewhere', () => {
  const addresses = Object.values(document.channels).map(({ address }) => address);

  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);

  expect(addresses).toEqual([...TOPIC_NAMES, ...SOCKET_PATHS]);
  for (const reference of references) {
    const found = reference
      .split('/')
      .reduce<unknown>((node, name) => (node as Record<string, unknown>)?.[name], document);
    expect([reference, found]).toEqual([reference, expect.any(Object)]);
  }
});

test.each(TOPICS.map((topic) => [topic.name, topic] as const))(
  'the example of %s fits its documented payload, and decodes',
  (name, topic) => {
    const payload = document.channels[name]!.messages.event!.payload;
    const key = (topic.example as Record<string, string>)[topic.key]!;

    expect(compiled(payload)(topic.example)).toBe(true);
    expect(
      topic.decode({ key: Buffer.from(key), value: Buffer.from(JSON.stringify(topic.example)) }, NOW),
    ).toMatchObject({ ok: true });
  },
);

test('a field more than documented does not make a payload wrong', () => {
  const { payload } = document.channels['price-events']!.messages.event!;

  expect(compiled(payload)({ ...(TOPICS[0]!.example as object), later: 1 })).toBe(true);
  expect(compiled(payload)({ ...(TOPICS[0]!.example as object), price: 'high' })).toBe(false);
});

test('examples of frames fit their schemas', () => {
  const frames = SOCKETS.flatMap(({ serverFrames, clientFrames }) => [...serverFrames, ...clientFrames]);

  for (const { name, schema, example } of frames)
    expect([name, schema?.safeParse(example).error]).toEqual([name, undefined]);
});

test('what a client may say is understood by the sockets', () => {
  for (const { name, schema, example } of SOCKETS.flatMap(({ clientFrames }) => clientFrames)) {
    const text = schema ? JSON.stringify(example) : String(example);
    expect(parseClientFrame(text)).toMatchObject({ kind: name });
  }
});

describe('what the sockets really tell', () => {
  let served: ServedLive;

  beforeEach(async () => {
    served = await serveLive();
  });

  afterEach(() => served.stop());

  test('about prices is what is documented', async () => {
    const [prices] = SOCKETS;
    await served.publish({ AAPL: 1 });
    const client = served.connect('/ws/prices');
    await client.told('snapshot');
    await served.publish({ AAPL: 2 });
    await client.told('diff');
    client.say({ watchlist: 7 });
    await client.told('error');
    client.say({ resume: client.followed.sequence! - 1 });
    await client.told('resumed');
    served.cache.lose();
    await client.told('status');

    for (const frame of client.frames) {
      expect(frameOf(prices!.serverFrames, frame.type).safeParse(frame).error).toBeUndefined();
    }
  });

  test('about news is what is documented', async () => {
    const news = SOCKETS[1]!;
    await served.store.news.insert([aNewsItem({ newsId: 'a' })]);
    const client = served.connect('/ws/news');
    const frame = await client.told('snapshot');

    expect(frame.news).toHaveLength(1);
    expect(frameOf(news.serverFrames, 'snapshot').safeParse(frame).error).toBeUndefined();
  });
});

test('the document and its page are served, and the page may load and run nothing', async () => {
  const { app } = anApi();

  const json = await request(app).get('/asyncapi.json');
  const page = await request(app).get('/asyncapi');

  expect(json.body).toEqual(JSON.parse(JSON.stringify(document)));
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const style = /<style>(.*)<\/style>/s.exec(page.text)![1]!;
  const hash = createHash('sha256').update(style).digest('base64');
  expect(page.headers['content-security-policy']).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  expect(page.text).not.toMatch(/<script|<link|<img|(?:src|href)="(?![/#])|\son\w+=|style="/);
});

test('the page shows every channel and every message with its example', () => {
  const page = asyncApiPage(document);

  for (const [name, { address, messages }] of Object.entries(document.channels)) {
    expect(page).toContain(`<h2 id="${name}"><code>${address}</code></h2>`);
    for (const message of Object.values(messages)) expect(page).toContain(`<code>${message.name}</code>`);
  }
  expect(page).toContain('"event_id": "replay:AIG:1381152602123:17:48.31"');
});

test('nothing in the document becomes markup', () => {
  const info = { ...document.info, description: '<script>alert(1)</script> & `<b>`' };

  const page = asyncApiPage({ ...document, info });

  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; <code>&lt;b&gt;</code>');
});
