import { runProcess } from '../src/platform/run-process';
import { consumersProcess } from '../src/processes/consumers';

void runProcess('consumer', (context) => consumersProcess(process.argv.slice(2), context));
