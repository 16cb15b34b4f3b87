import { messageOf, TickwireError } from '../platform/errors';
import type { HistoryFault } from './provider';

/** A question, and what stands for its answer when the plan of the key does not include that. */
export interface PlanQuestion<Told> {
  readonly none: Told;
  readonly ask: () => Promise<Told>;
}

/** Asks for what a cheaper plan lacks, so that the bars it has can be loaded all the same. */
export interface PlanRefusals {
  /** A refusal becomes a fault at `place`, every time; the vendor is asked only once. @throws whatever else `ask` throws. */
  ask<Told>(
    place: string,
    question: PlanQuestion<Told>,
  ): Promise<{ readonly told: Told; readonly faults: readonly HistoryFault[] }>;
}

/** Remembers refusals for the life of the process: a key does not change meanwhile. */
export function openPlanRefusals(): PlanRefusals {
  const refused = new Map<string, HistoryFault>();
  return {
    ask: async (place, { none, ask }) => {
      const known = refused.get(place);
      if (known) return { told: none, faults: [known] };
      try {
        return { told: await ask(), faults: [] };
      } catch (error) {
        if (!(error instanceof TickwireError) || error.code !== 'PROVIDER_REFUSED') throw error;
        const fault = { place, detail: `not told: ${messageOf(error)}` };
        refused.set(place, fault);
        return { told: none, faults: [fault] };
      }
    },
  };
}
