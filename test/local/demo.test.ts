import { demoFor } from '../../src/local/demo';

describe('npm start without a key', () => {
  it('polls three symbols of the fixture, and says so', () => {
    const { variables, sentence } = demoFor({});

    expect(variables).toEqual({ USE_FIXTURE: 'true', SYMBOLS: 'AAPL,MSFT,GOOGL', INTERVAL: '1' });
    expect(sentence).toContain('USE_FIXTURE=true');
  });

  it.each([{ SYMBOLS: 'TSLA' }, { TICKERS: 'TSLA' }])('keeps the symbols the user named (%j)', (environment) => {
    expect(demoFor(environment).variables).toEqual({ USE_FIXTURE: 'true' });
  });

  it("keeps the user's interval", () => {
    expect(demoFor({ INTERVAL: '30' }).variables.INTERVAL).toBe('30');
  });

  it.each([{ FINNHUB_API_KEY: 'k' }, { PROVIDER: 'yfinance' }, { USE_FIXTURE: 'false' }])(
    'adds nothing where the user chose a provider (%j)',
    (environment) => {
      expect(demoFor(environment)).toEqual({ variables: {}, sentence: undefined });
    },
  );
});
