import type { Store } from '../../src/store/store';
import { describeAverages } from './store-averages.contract';
import { describeOutbox } from './store-outbox.contract';
import { describePollJobs } from './store-poll-jobs.contract';
import { describePollRuns } from './store-poll-runs.contract';
import { describePrices } from './store-prices.contract';

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
  describePollJobs(underTest);
  describePollRuns(underTest);
}
