import { runProcess } from '../src/platform/run-process';
import { consumersProcess } from '../src/processes/consumers';

const names = process.argv.slice(2);

void runProcess(names.join(' ') || 'consumers', (context) => consumersProcess(names, context));
