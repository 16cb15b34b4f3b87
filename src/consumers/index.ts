import type { PriceEvent } from '../domain/price-event';
import type { ConsumerDefinition } from './consumer';
import { latestPrice } from './latest-price';
import { movingAverage } from './moving-average';
import { priceHistory } from './price-history';

/** Every consumer of the product. A new one is a file beside this and a line here. */
export const CONSUMERS: readonly ConsumerDefinition<PriceEvent>[] = [priceHistory, movingAverage, latestPrice];
