import { bars } from './bars';
import type { Consumer } from './consumer';
import { latestPrice } from './latest-price';
import { modelRunner } from './model-runner';
import { movingAverage } from './moving-average';
import { news } from './news';
import { priceHistory } from './price-history';

/** Every consumer of the product. A new one is a file beside this and a line here. */
export const CONSUMERS: readonly Consumer[] = [priceHistory, movingAverage, latestPrice, bars, news, modelRunner];
