import { randomUUID } from 'node:crypto';
import type { InstrumentMetadata } from '../../src/domain/instrument';
import { aSeries } from '../support/series';
import type { StoreUnderTest } from './store.contract';

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 0, 0, second));

function metadataOf(symbol: string, changes: Partial<InstrumentMetadata> = {}): InstrumentMetadata {
  return {
    symbol,
    name: 'Example Corp.',
    sector: 'Technology',
    industry: 'Hardware',
    currency: 'USD',
    exchange: 'NASDAQ',
    marketCap: 3.5e12,
    source: 'fixture',
    lastUpdated: at(10),
    ...changes,
  };
}

/** Tables `instruments` and `vendor_symbols`. */
export function describeInstruments(underTest: () => StoreUnderTest): void {
  const instruments = () => underTest().store.instruments;
  const spelling = (vendor: string, text: string) => ({ vendor, spelling: text, validFrom: null, validTo: null });

  describe('instruments', () => {
    test('one is found by its symbol and by every spelling of a vendor, in any case', async () => {
      const { symbol } = aSeries();
      const [yahoo, eodhd] = [spelling('yfinance', `${symbol}-B`), spelling('eodhd', `${symbol}.B.us`)];
      await instruments().saveVendorSymbol(`${symbol}.B`, yahoo);
      await instruments().saveVendorSymbol(`${symbol}.B`, eodhd);

      const found = await Promise.all(
        [`${symbol}.B`, `${symbol}-B`, `${symbol}.B.US`].map((text) => instruments().find(text)),
      );

      const expected = { symbol: `${symbol}.B`, assetClass: 'equity', vendorSymbols: [eodhd, yahoo], metadata: null };
      expect(found).toEqual([expected, expected, expected]);
      expect(await instruments().find(`${symbol}.C`)).toBeUndefined();
    });

    test('the symbol itself goes before a spelling, and of two spelled alike the one that is so last', async () => {
      const { symbol } = aSeries();
      const at2012 = { ...spelling('yfinance', `${symbol}-OLD`), validTo: '2012-05-17' };
      await instruments().saveVendorSymbol(`${symbol}.FIRST`, at2012);
      await instruments().saveVendorSymbol(`${symbol}.THEN`, {
        ...at2012,
        validFrom: '2012-05-18',
        validTo: '2020-01-01',
      });
      await instruments().saveVendorSymbol(`${symbol}.OTHER`, spelling('eodhd', symbol));
      await instruments().ensure([{ symbol, assetClass: 'equity' }]);

      expect(await instruments().find(symbol)).toMatchObject({ symbol });
      expect(await instruments().find(`${symbol}-OLD`)).toMatchObject({ symbol: `${symbol}.THEN` });
    });

    test('a spelling with other days replaces its days', async () => {
      const { symbol } = aSeries();
      const renamed = { ...spelling('yfinance', 'FB'), validTo: '2022-06-08' };
      await instruments().saveVendorSymbol(symbol, spelling('yfinance', 'FB'));

      await instruments().saveVendorSymbol(symbol, renamed);
      await instruments().saveVendorSymbol(symbol, renamed);
      await instruments().saveVendorSymbol(symbol, { ...spelling('yfinance', symbol), validFrom: '2022-06-09' });

      expect((await instruments().find(symbol))?.vendorSymbols).toEqual([
        renamed,
        { ...spelling('yfinance', symbol), validFrom: '2022-06-09' },
      ]);
    });

    test('ensure creates what is missing and leaves the rest as it is', async () => {
      const { symbol } = aSeries();
      await instruments().ensure([{ symbol, assetClass: 'crypto' }]);

      await instruments().ensure([
        { symbol, assetClass: 'equity' },
        { symbol: `${symbol}2`, assetClass: 'fx' },
        { symbol: `${symbol}2`, assetClass: 'fx' },
      ]);

      expect(await instruments().find(symbol)).toMatchObject({ assetClass: 'crypto' });
      expect(await instruments().find(`${symbol}2`)).toMatchObject({ assetClass: 'fx' });
    });

    test('an instrument whose bars are stored is known', async () => {
      const { symbol } = aSeries();

      await underTest().store.bars.save([{ ...aBarOf(symbol) }], []);

      expect(await instruments().find(symbol)).toMatchObject({ symbol, assetClass: 'equity' });
    });

    test('search finds what symbol, spelling or name hold, page by page', async () => {
      const { symbol } = aSeries();
      const word = `w${randomUUID()}`;
      await instruments().saveVendorSymbol(`${symbol}.1`, spelling('eodhd', `${word}.US`));
      await instruments().saveMetadata(metadataOf(`${symbol}.2`, { name: `The ${word.toUpperCase()} Company` }));
      await instruments().ensure([{ symbol: `${word.slice(0, 30).toUpperCase()}`, assetClass: 'equity' }]);
      const symbolsOf = async (query: { text?: string; after?: string; limit: number }) =>
        (await instruments().search(query)).map((one) => one.symbol);

      expect(await symbolsOf({ text: word, limit: 10 })).toEqual([`${symbol}.1`, `${symbol}.2`]);
      expect(await symbolsOf({ text: word, limit: 1 })).toEqual([`${symbol}.1`]);
      expect(await symbolsOf({ text: word, after: `${symbol}.1`, limit: 10 })).toEqual([`${symbol}.2`]);
      expect(await symbolsOf({ text: word.slice(0, 30), limit: 10 })).toHaveLength(3);
      expect(await symbolsOf({ after: symbol, limit: 2 })).toEqual([`${symbol}.1`, `${symbol}.2`]);
    });

    test.each(['%', '_', '\\'])('search takes %s for itself', async (sign) => {
      const { symbol } = aSeries();
      await instruments().ensure([{ symbol, assetClass: 'equity' }]);

      expect(await instruments().search({ text: `${symbol.slice(0, -1)}${sign}`, limit: 10 })).toEqual([]);
    });
  });
}

function aBarOf(symbol: string) {
  const values = { open: 1, high: 1, low: 1, close: 1, volume: null, source: 'fixture', rawResponseId: null };
  return { symbol, interval: '1d' as const, startAt: at(0), ...values };
}

/** Table `ticker_metadata`. */
export function describeMetadata(underTest: () => StoreUnderTest): void {
  const instruments = () => underTest().store.instruments;
  const quote = (symbol: string, marketCap: number, fetchedAt: Date) =>
    underTest().store.rawResponses.save(
      {
        id: randomUUID(),
        provider: 'fixture',
        symbols: [symbol],
        body: null,
        events: [],
        fetchedAt,
        requestId: null,
        pollingRunId: null,
        marketCaps: { [symbol]: marketCap },
      },
      3600,
    );

  describe('metadata', () => {
    test('is kept with its instrument, and a field that is null keeps what is stored', async () => {
      const { symbol } = aSeries();
      await instruments().saveMetadata(metadataOf(symbol));

      const nothing = { name: null, sector: null, industry: null, currency: null, exchange: null, marketCap: null };
      await instruments().saveMetadata({ symbol, ...nothing, source: null, lastUpdated: at(20) });

      const expected = metadataOf(symbol, { lastUpdated: at(20) });
      expect(await instruments().findMetadata(symbol)).toEqual(expected);
      expect((await instruments().find(symbol))?.metadata).toEqual(expected);
    });

    test('an older description does not replace a newer one', async () => {
      const { symbol } = aSeries();
      await instruments().saveMetadata(metadataOf(symbol));

      await instruments().saveMetadata(metadataOf(symbol, { name: 'Old name', lastUpdated: at(9) }));

      expect(await instruments().findMetadata(symbol)).toEqual(metadataOf(symbol));
    });

    test('a market cap that comes with a quote is no description, and does not make one look new', async () => {
      const { symbol } = aSeries();
      await quote(symbol, 1e9, at(5));
      const before = await instruments().findMetadata(symbol);
      await instruments().saveMetadata(metadataOf(symbol));

      await quote(symbol, 4e12, at(30));

      expect(before).toBeUndefined();
      expect(await instruments().findMetadata(symbol)).toEqual(metadataOf(symbol, { marketCap: 4e12 }));
    });

    test('a description does not replace the market cap of a later quote', async () => {
      const { symbol } = aSeries();
      await quote(symbol, 4e12, at(30));

      await instruments().saveMetadata(metadataOf(symbol));

      expect(await instruments().findMetadata(symbol)).toMatchObject({ name: 'Example Corp.', marketCap: 4e12 });
      expect(await underTest().store.prices.findMarketCap(symbol)).toBe(4e12);
    });

    test('of an unknown symbol is undefined', async () => {
      expect(await instruments().findMetadata(aSeries().symbol)).toBeUndefined();
    });
  });
}
