import type { Store } from '../../src/store/store';
import { describeAccess } from './store-access.contract';
import { describeAverages } from './store-averages.contract';
import { describeBars } from './store-bars.contract';
import { describeModelJobClaims } from './store-model-job-claims.contract';
import { describeModelJobs } from './store-model-jobs.contract';
import { describeNews } from './store-news.contract';
import { describeOutbox } from './store-outbox.contract';
import { describePartitions } from './store-partitions.contract';
import { describePollJobs } from './store-poll-jobs.contract';
import { describePollRuns } from './store-poll-runs.contract';
import { describePricePartitions } from './store-price-partitions.contract';
import { describePrices } from './store-prices.contract';
import { describeReference } from './store-reference.contract';
import { describeRetention } from './store-retention.contract';
import { describeTickBarOrder } from './store-tick-bar-order.contract';
import { describeTickBars } from './store-tick-bars.contract';

/** A store under test. Each test uses series and jobs of its own, so that all can share one. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Lets time pass for the store: moves its clock, or moves what it holds into the past. */
  passTime(seconds: number): Promise<void>;
}

/** What every store holds to. */
export function describeStore(underTest: () => StoreUnderTest): void {
  describePrices(underTest);
  describeAverages(underTest);
  describeOutbox(underTest);
  describeModelJobs(underTest);
  describeModelJobClaims(underTest);
  describePollJobs(underTest);
  describePollRuns(underTest);
  describeBars(underTest);
  describePartitions(underTest);
  describePricePartitions(underTest);
  describeRetention(underTest);
  describeReference(underTest);
  describeTickBars(underTest);
  describeTickBarOrder(underTest);
  describeNews(underTest);
  describeAccess(underTest);
}
