import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findFreePort } from '../../src/local/port';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type ProductProcess, startProcess } from '../support/product-process';
import { describeWithRedis, testServices } from '../support/services';
import { type Complaints, describeInBrowser, openBrowser, watchComplaints } from './browser';

jest.setTimeout(90_000);

/** A Redis database that no other test uses. */
const REDIS_DATABASE = 14;
const SYMBOLS = 'AAPL,MSFT,GOOGL';

describeWithRedis('the live page', () => {
  describeInBrowser('in a real browser', () => {
    let database: TestDatabase;
    let environment: Record<string, string>;
    let product: ProductProcess;
    let browser: Browser;
    let page: Page;
    let complaints: Complaints;

    const url = () => `http://127.0.0.1:${environment.PORT}/`;
    const rowOf = (symbol: string) =>
      page.locator('#price-rows tr', { has: page.getByRole('button', { name: symbol, exact: true }) });
    const priceOf = (symbol: string) => rowOf(symbol).locator('td.c-price').innerText();
    const openPage = async (options: BrowserContextOptions = {}) => {
      page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
      complaints = await watchComplaints(page);
      await page.goto(url());
      await eventually(async () => (await page.locator('#link').innerText()) === 'Live');
      await eventually(async () => (await page.locator('#price-rows tr').count()) >= 3);
    };

    beforeAll(async () => {
      database = await createTestDatabase();
      const redis = Object.assign(new URL(testServices().redisUrl), { pathname: `/${REDIS_DATABASE}` }).href;
      environment = {
        ...{ DATABASE_URL: database.databaseUrl, REDIS_URL: redis, PORT: String(await findFreePort()) },
        ...{ USE_FIXTURE: 'true', SYMBOLS, INTERVAL: '1', HOST: '127.0.0.1' },
      };
      [product, browser] = await Promise.all([startProcess('all', environment), openBrowser()]);
    });
    afterEach(() => page.close());
    afterAll(async () => {
      await browser?.close();
      await product?.end('SIGTERM');
      await database?.drop();
    });

    it('shows moving prices with age, source, trend and average, and breaks no rule of its policy', async () => {
      await openPage();
      const first = await priceOf('AAPL');

      await eventually(async () => (await priceOf('AAPL')) !== first);
      await eventually(async () => /^\d/.test(await rowOf('AAPL').locator('td.c-average').innerText()));
      await eventually(async () => ((await rowOf('AAPL').locator('polyline').getAttribute('points')) ?? '') !== '');
      await eventually(async () => Number(await page.locator('#stage-kafka [data-part="figure"]').innerText()) > 0);

      expect(await rowOf('AAPL').locator('td.c-age').innerText()).toMatch(/^\d s$/);
      expect(await rowOf('AAPL').locator('td.c-source').innerText()).toBe('fixture');
      expect(complaints).toEqual({ errors: [], violations: [] });
    });

    it('opens a chart and the news by keyboard', async () => {
      await openPage();
      await page.getByRole('button', { name: 'AAPL', exact: true }).focus();

      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');

      await eventually(async () => (await page.locator('#detail-title').innerText()) === 'MSFT');
      expect(await page.evaluate('document.activeElement.id')).toBe('detail-title');
      await eventually(async () =>
        /Chart of MSFT.*Prices of/.test((await page.locator('#chart').getAttribute('aria-label')) ?? ''),
      );
      await eventually(async () => (await page.locator('#news li').count()) > 0);
      await page.getByRole('button', { name: '1 min' }).press('Enter');
      await eventually(async () => /1m bars from ticks:fixture/.test(await page.locator('#chart-caption').innerText()));
      expect(complaints).toEqual({ errors: [], violations: [] });
    });

    it('adds, pauses, resumes, runs and removes a polling job', async () => {
      await openPage();
      await page.getByLabel('Symbols').fill('nvda, tsla');
      await page.getByLabel('Every (s)').fill('30');
      await page.getByRole('button', { name: 'Add' }).click();

      const job = page.locator('#poll-list > li', { hasText: 'NVDA TSLA' });
      await job.getByRole('button', { name: 'Pause' }).click();
      await eventually(async () => (await job.getAttribute('data-status')) === 'paused');
      await job.getByRole('button', { name: 'Run now' }).click();
      await eventually(async () => /succeeded, 2 quotes/.test(await job.innerText()));
      await job.getByRole('button', { name: 'Resume' }).click();
      await eventually(async () => /next (in \d+ s|now)/.test(await job.innerText()));
      await job.getByRole('button', { name: 'Remove' }).click();
      await job.getByRole('button', { name: 'Sure?' }).click();
      await eventually(async () => (await job.count()) === 0);
      await eventually(async () => (await rowOf('NVDA').count()) === 1);
      expect(complaints).toEqual({ errors: [], violations: [] });
    });

    it('says what is wrong with a polling job at its field', async () => {
      await openPage();

      await page.getByLabel('Symbols').fill('no;symbol');
      await page.getByRole('button', { name: 'Add' }).click();

      await eventually(async () => /symbol/.test(await page.locator('#poll-told').innerText()));
      expect(await page.getByLabel('Symbols').getAttribute('aria-invalid')).toBe('true');
      expect(await page.evaluate('document.activeElement.id')).toBe('poll-symbols');
    });

    it('submits an option to the model and shows its figures, charts and report', async () => {
      await openPage();
      await eventually(async () => (await page.getByLabel('spot').inputValue()) === '42');

      await page.getByRole('button', { name: 'Submit' }).click();

      const detail = page.locator('#job-detail');
      await eventually(
        async () => (await page.locator('#job-title').innerText()) === 'blackscholes, completed',
        30_000,
      );
      expect(await detail.innerText()).toContain('4.759');
      const chart = detail.getByRole('img').first();
      await chart.scrollIntoViewIfNeeded();
      await eventually(
        async () => (await chart.evaluate((image: { naturalWidth: number }) => image.naturalWidth)) > 100,
      );
      const report = await detail.getByRole('link', { name: 'Report' }).getAttribute('href');
      expect((await page.request.get(new URL(report!, url()).href)).status()).toBe(200);
      expect(complaints).toEqual({ errors: [], violations: [] });
    });

    it('leaves a headline of markup a text, and gives no link to a script', async () => {
      await database.query(
        `INSERT INTO news_items (news_id, symbol, headline, summary, url, source, published_at)
         VALUES ('fixture:AAPL:hostile', 'AAPL', $1, NULL, 'javascript:document.title=1', 'fixture', now())`,
        ['<img src=x onerror="document.title=1"><b>bold</b>'],
      );
      await openPage();

      await eventually(async () => /<b>bold<\/b>/.test(await page.locator('#news li').first().innerText()));

      expect(await page.locator('#news img, #news b').count()).toBe(0);
      expect(await page.locator('#news li').first().locator('a').count()).toBe(0);
      expect(await page.title()).toBe('tickwire');
      expect(complaints.violations).toEqual([]);
    });

    it('marks a price that is older than five minutes', async () => {
      await openPage();
      const old = new Date(Date.now() - 3_600_000).toISOString();
      const price = {
        price: 7,
        change: 0,
        change_percent: 0,
        currency: 'USD',
        provider: 'fixture',
        timestamp: old,
        fetched_at: old,
      };
      await page.close();

      page = await browser.newPage();
      await page.routeWebSocket(/\/ws\/prices/, (socket) => {
        socket.send(JSON.stringify({ type: 'snapshot', prices: { OLD: price }, sequence: 1 }));
      });
      await page.goto(url());

      await eventually(async () => (await rowOf('OLD').getAttribute('data-old')) === 'true');
      expect(await rowOf('OLD').locator('td.c-age').innerText()).toMatch(/^1 h old|60 min old$/);
    });

    it('names everything that can be used, has one heading order, and fits a phone', async () => {
      await openPage({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
      await eventually(async () => (await page.locator('#poll-list > li').count()) > 0);

      const tree = await page.locator('body').ariaSnapshot();
      const nameless = tree
        .split('\n')
        .filter((line) =>
          /^\s*- (button|link|textbox|searchbox|combobox|checkbox|spinbutton|img|table|form|region|progressbar)(?! ")/.test(
            line,
          ),
        );
      const width = await page.evaluate('document.documentElement.scrollWidth');

      expect(nameless).toEqual([]);
      for (const part of [
        'region "Prices"',
        'table "Prices"',
        'columnheader',
        'region "Polling jobs"',
        'region "Model jobs"',
      ]) {
        expect(tree).toContain(part);
      }
      for (const part of [
        'form "Add a polling job"',
        'combobox "Model"',
        'searchbox "Filter by symbol or source"',
        'status',
      ]) {
        expect(tree).toContain(part);
      }
      expect(tree).toMatch(/rowheader "AAPL"/);
      expect(width).toBeLessThanOrEqual(360);
    });

    it('says that the service is gone, dims what it shows, and recovers with the right prices', async () => {
      await openPage();
      await product.end('SIGKILL');

      await eventually(async () => (await page.locator('#link').innerText()) === 'Not connected');
      expect(await page.getByRole('status').first().innerText()).toMatch(/Connection lost at \d\d:\d\d:\d\d/);
      expect(await page.locator('#notice').isVisible()).toBe(true);
      expect(await page.locator('#price-rows').evaluate('(rows) => getComputedStyle(rows).opacity')).not.toBe('1');

      product = await startProcess('all', environment);
      await eventually(async () => (await page.locator('#link').innerText()) === 'Live', 20_000);
      expect(await page.locator('#notice').isVisible()).toBe(false);
      for (const symbol of SYMBOLS.split(',')) {
        await eventually(async () => {
          const truth = await (await page.request.get(`${url()}tickers/${symbol}`)).json();
          return Number((await priceOf(symbol)).replaceAll(',', '')) === truth.price;
        });
      }
      const unexpected = complaints.errors.filter((text) => !/net::ERR_|WebSocket connection/.test(text));
      expect([unexpected, complaints.violations]).toEqual([[], []]);
    });
  });
});
