import type { Environment } from '../platform/environment';
import { PROVIDERS } from '../providers/index';

/** Variables that `npm start` adds, and the sentence that says so, if any. */
export interface Demo {
  readonly variables: Environment;
  readonly sentence: string | undefined;
}

const DEMO_SYMBOLS = 'AAPL,MSFT,GOOGL';
const DEMO_INTERVAL_SECONDS = '1';
const NO_DEMO: Demo = { variables: {}, sentence: undefined };

/** Without a provider or a key of one: the made-up prices of `fixture`, of three symbols where the user named none, so that there is something to see. */
export function demoFor(environment: Environment): Demo {
  const keys = PROVIDERS.flatMap(({ variables }) => variables.filter(({ secret }) => secret).map(({ name }) => name));
  if (environment.PROVIDER !== undefined || keys.some((name) => environment[name])) return NO_DEMO;
  if (environment.USE_FIXTURE !== undefined && !/^(true|1|yes|on)$/i.test(environment.USE_FIXTURE)) return NO_DEMO;
  const { SYMBOLS, TICKERS, INTERVAL = DEMO_INTERVAL_SECONDS } = environment;
  const job = SYMBOLS === undefined && TICKERS === undefined ? { SYMBOLS: DEMO_SYMBOLS, INTERVAL } : {};
  const sentence = `no key of a provider is set (${keys.join(', ')}), so the prices are made up: USE_FIXTURE=true`;
  return { variables: { USE_FIXTURE: 'true', ...job }, sentence };
}
