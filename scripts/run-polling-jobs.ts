import { runProcess } from '../src/platform/run-process';
import { pollerProcess } from '../src/processes/poller';

void runProcess('poller', pollerProcess);
