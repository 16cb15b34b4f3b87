import { openKafkaBus } from '../../src/bus/kafka';
import { silentLog } from '../../src/platform/log';
import { describeBus } from '../contract/bus.contract';
import { describeWithKafka, testServices } from '../support/services';

const open = () =>
  openKafkaBus({ brokers: testServices().kafkaBrokers, ssl: false, clientId: 'bus-contract', log: silentLog });

describeWithKafka('on a real broker', () => {
  describeBus('kafka', { open, longHandlingMs: 13_000 });
});
