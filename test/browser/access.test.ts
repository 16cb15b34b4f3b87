import { readFile } from 'node:fs/promises';
import type { Browser, Page, Route } from 'playwright-core';
import { httpServer } from '../../src/api/server';
import type { Artifacts } from '../../src/artifacts/artifacts';
import type { Scope } from '../../src/domain/access';
import { keyText, makeKey } from '../../src/domain/api-key';
import { anApi, type TestApi } from '../support/api';
import { storeKey, TEST_SECRET } from '../support/api-keys';
import { eventually } from '../support/eventually';
import { nextEvents } from '../support/live';
import { aNewJob, NO_RESULT } from '../support/model-jobs';
import { type Complaints, describeInBrowser, openBrowser, watchComplaints } from './browser';

jest.setTimeout(60_000);

const DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40"/></svg>';
const FILES = [
  { name: 'prices.svg', contentType: 'image/svg+xml', body: Buffer.from(DRAWING) },
  { name: 'report.html', contentType: 'text/html; charset=utf-8', body: Buffer.from('<p>the report</p>') },
];

/** An API that wants keys, over memory adapters, on a port that another one can take over. */
async function serve(parts: Partial<Pick<TestApi, 'store' | 'cache'>> = {}, port = 0) {
  const api = anApi(({ security }) => ({
    security: { ...security, apiKeysRequired: true, apiKeySecret: TEST_SECRET },
    ...parts,
  }));
  const server = httpServer({ dependencies: api.dependencies, host: '127.0.0.1', port });
  await server.start();
  return { ...api, server };
}

describeInBrowser('the live page of a service that wants keys', () => {
  let api: Awaited<ReturnType<typeof serve>>;
  let browser: Browser;
  let page: Page;
  let complaints: Complaints;
  /** Every address the page asked for, sockets included. */
  let asked: string[];

  const publish = (price: number) => api.cache.writeLatest(nextEvents({ AAPL: price, MSFT: 2 * price }));
  const newKey = (...scopes: Scope[]) => storeKey(api.store.apiKeys, { scopes });
  const price = () => page.locator('#price-rows tr').first().locator('td.c-price').innerText();
  const linkIs = (text: string) => eventually(async () => (await page.locator('#link').innerText()) === text);
  const alertSays = (pattern: RegExp) =>
    eventually(async () => pattern.test(await page.getByRole('alert').innerText()));
  const enter = async (text: string) => {
    await page.getByLabel('Key', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Use the key' }).click();
  };
  const enterGood = async (...scopes: Scope[]) => {
    const key = await newKey(...scopes);
    await alertSays(/wants an API key/);
    await enter(key.text);
    await page.getByRole('button', { name: 'Forget the key' }).waitFor();
    return key;
  };
  /** Ends the service and begins it again with what it knew, once the page has noticed. */
  const restart = async () => {
    const { store, cache, server } = api;
    const port = server.port();
    await server.stop();
    await linkIs('Not connected');
    api = await serve({ store, cache }, port);
  };
  /** However long the page is left alone. Needs its clock. */
  const asksNothingMore = async () => {
    const before = asked.length;
    await page.clock.runFor(60_000);
    expect(asked.slice(before)).toEqual([]);
  };
  const aRunningJob = async () => {
    const { jobs } = await api.store.modelJobs.create([aNewJob({ model: 'blackscholes' })], { graceSeconds: 60 });
    const { jobId } = jobs[0]!;
    const lease = { owner: 'test', leaseSeconds: 3600, maxRunning: 9, limit: 1, wanted: [jobId] };
    return { jobId, fence: (await api.store.modelJobs.claim(lease))[0]!.fence };
  };
  const ofEvents = () => asked.filter((address) => /\/events\?ticket=tk_/.test(address));
  const ofSockets = () => asked.filter((address) => address.startsWith('ws:'));

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    api = await serve();
    await publish(1);
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    complaints = await watchComplaints(page);
    asked = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('websocket', (socket) => asked.push(socket.url()));
    await page.goto(`http://127.0.0.1:${api.server.port()}/`);
  });
  afterEach(async () => {
    await page.context().close();
    await api.server.stop();
  });

  it('asks for a key, says that a wrong one is wrong, and moves with the right one', async () => {
    const { text } = await newKey('prices:read', 'jobs:write', 'models:run');

    await alertSays(/^This service wants an API key\.$/);
    expect(await page.locator('#link').innerText()).toBe('API key needed');
    expect(await page.getByRole('region', { name: 'Prices' }).isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.id')).toBe('access-key');
    await enter('open sesame');
    await alertSays(/That is no API key/);
    await enter(keyText(makeKey()));
    await alertSays(/does not accept this key/);
    expect(await page.locator('#access-key').getAttribute('aria-invalid')).toBe('true');
    await enter(text);

    await linkIs('Live');
    await eventually(async () => (await price()) === '1.00');
    await publish(3);
    await eventually(async () => (await price()) === '3.00');
    expect(await page.locator('#access').isVisible()).toBe(false);
    expect(complaints.violations).toEqual([]);
    expect(complaints.errors.filter((error) => !/401|WebSocket connection/.test(error))).toEqual([]);
  });

  it('keeps the key in this tab alone, and in no address', async () => {
    const { text } = await enterGood('prices:read');
    await linkIs('Live');

    await page.reload();
    await linkIs('Live');
    const other = await page.context().newPage();
    await other.goto(page.url());

    await eventually(async () => /wants an API key/.test(await other.getByRole('alert').innerText()));
    await other.close();
    expect(await page.evaluate('[Object.values(sessionStorage), localStorage.length, document.cookie]')).toEqual([
      [text],
      0,
      '',
    ]);
    expect(asked.filter((address) => address.includes(text.slice(-43)))).toEqual([]);
    expect(ofSockets().filter((address) => /ticket=tk_/.test(address)).length).toBeGreaterThan(1);
  });

  it('comes back with another ticket when the service was away, once however often it is told to', async () => {
    await enterGood('prices:read');
    await linkIs('Live');
    const before = ofSockets().length;
    const held: Route[] = [];
    let isHolding = true;
    await page.route('**/api/v1/tickets', (route) => (isHolding ? void held.push(route) : route.continue()));
    await restart();

    for (const count of [held.length, held.length + 1]) {
      await page.getByRole('button', { name: 'Try now' }).click();
      await eventually(() => held.length > count);
    }
    isHolding = false;
    for (const route of held) await route.continue();

    await linkIs('Live');
    await publish(5);
    await eventually(async () => (await price()) === '5.00');
    const tickets = ofSockets().map((address) => new URL(address).searchParams.get('ticket'));
    expect(ofSockets()).toHaveLength(before + 1);
    expect(tickets.at(-1)).toMatch(/^tk_/);
    expect(tickets.at(-1)).not.toBe(tickets.at(-2));
  });

  it('forgets the key, and what it has shown', async () => {
    await enterGood('prices:read');
    await eventually(async () => (await price()) === '1.00');

    await page.getByRole('button', { name: 'Forget the key' }).click();

    await alertSays(/wants an API key/);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(await page.locator('#price-rows tr').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Forget the key' }).isVisible()).toBe(false);
  });

  it('says when a key is good no more, and asks for another and nothing else', async () => {
    await page.clock.install();
    const { keyId } = await enterGood('prices:read');
    await linkIs('Live');

    await api.store.apiKeys.revoke(keyId);
    api.pass(10_000);

    await alertSays(/does not accept this key any more/);
    expect(await page.getByRole('region', { name: 'Prices' }).isVisible()).toBe(false);
    await linkIs('API key needed');
    await asksNothingMore();
    await page.getByRole('button', { name: 'Forget the key' }).click();
    await alertSays(/wants an API key/);
    await asksNothingMore();
    await enter((await newKey('prices:read')).text);
    await linkIs('Live');
  });

  it('says in words what a key may not do', async () => {
    await enterGood('prices:read');
    await linkIs('Live');

    await page.getByLabel('Symbols').fill('AAPL');
    await page.getByRole('button', { name: 'Add' }).click();

    await eventually(async () => /lacks the scope jobs:write/.test(await page.locator('#poll-told').innerText()));
    await eventually(async () => {
      return (await page.locator('#access-lacking').innerText()) === 'This key lacks the scope models:run.';
    });
    expect(await page.locator('#access').isVisible()).toBe(false);
  });

  it('takes a key that may only run models, and says what it lacks', async () => {
    await enterGood('models:run');

    await eventually(async () => {
      return (await page.locator('#access-lacking').innerText()) === 'This key lacks the scope prices:read.';
    });
    expect(await page.locator('#access').isVisible()).toBe(false);
  });

  it('follows a job, shows its chart and saves its report with the key', async () => {
    const claimed = await aRunningJob();
    const { jobId, fence } = claimed;
    await enterGood('prices:read', 'models:run');
    await page.locator(`li[data-job="${jobId}"][data-status="running"]`).waitFor();
    await eventually(() => ofEvents().length > 0);
    const { save } = api.dependencies.artifacts as Artifacts;
    const artifacts = await save(jobId, fence, FILES);

    await api.store.modelJobs.complete(claimed, { result: {}, metrics: { price: 4.759 }, warnings: [], artifacts });

    await eventually(async () => (await page.locator('#job-title').innerText()) === 'blackscholes, completed');
    const chart = page.locator('#job-detail').getByRole('img').first();
    await chart.scrollIntoViewIfNeeded();
    await eventually(
      async () => (await chart.evaluate((image: { naturalWidth: number }) => image.naturalWidth)) === 120,
    );
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Report' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('report.html');
    expect(await readFile(await download.path(), 'utf8')).toBe('<p>the report</p>');
    expect(complaints.violations).toEqual([]);
  });

  it('follows a job on with another ticket when its events broke off', async () => {
    const claimed = await aRunningJob();
    await page.clock.install();
    await enterGood('prices:read', 'models:run');
    await eventually(async () => {
      await page.clock.runFor(5_000);
      return asked.filter((address) => address.endsWith('/api/v1/jobs?limit=6')).length > 4;
    });
    expect(ofEvents()).toHaveLength(1);

    await restart();
    await eventually(async () => {
      await page.clock.runFor(5_000);
      return new Set(ofEvents()).size > 1;
    }, 30_000);
    await api.store.modelJobs.complete(claimed, NO_RESULT);

    // An opening may have met the service while it was starting: the page looks again, by its own clock.
    await eventually(async () => {
      await page.clock.runFor(5_000);
      return (await page.locator('#job-title').innerText()) === 'blackscholes, completed';
    });
  });

  it('opens no events of a job that ended before the ticket for them came', async () => {
    const claimed = await aRunningJob();
    await page.clock.install();
    const held: Route[] = [];
    let isHolding = true;
    await enterGood('prices:read', 'models:run');
    await page.route('**/api/v1/tickets', async (route) => {
      if (isHolding) held.push(route);
      else await route.continue();
    });
    await page.reload();
    const shown = page.locator(`li[data-job="${claimed.jobId}"]`);
    await eventually(async () => held.length > 1 && (await shown.getAttribute('data-status')) === 'running');
    const before = ofEvents().length;

    await api.store.modelJobs.complete(claimed, NO_RESULT);
    await eventually(async () => {
      await page.clock.runFor(5_000);
      return (await shown.getAttribute('data-status')) === 'completed';
    });
    isHolding = false;
    for (const route of held.reverse()) await route.continue();

    await page.clock.resume();
    await linkIs('Live');
    await publish(7);
    await eventually(async () => (await price()) === '7.00');
    expect(ofEvents()).toHaveLength(before);
  });

  it('can be used by keyboard and on a phone', async () => {
    const { text } = await newKey('prices:read');
    await page.setViewportSize({ width: 360, height: 740 });
    await alertSays(/wants an API key/);
    const tree = await page.locator('body').ariaSnapshot();
    expect(tree).toContain('form "API key"');
    expect(tree).toContain('textbox "Key"');
    expect(tree).not.toContain('link "health"');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);

    await page.keyboard.type(text);
    await page.keyboard.press('Enter');

    await linkIs('Live');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });
});
