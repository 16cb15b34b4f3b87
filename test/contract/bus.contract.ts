import { type BusUnderTest, givenBus } from '../support/given-bus';
import { describeGroups } from './bus-groups.contract';
import { describeOperating } from './bus-operating.contract';
import { describeRecords } from './bus-records.contract';

/** What every bus guarantees. */
export function describeBus(name: string, underTest: BusUnderTest): void {
  describe(`the ${name} bus`, () => {
    const given = givenBus(underTest);
    describeRecords(given);
    describeGroups(given);
    describeOperating(given);
  });
}
