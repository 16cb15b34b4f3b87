import { runProcess } from '../src/platform/run-process';
import { allProcess } from '../src/processes/all';

void runProcess('all', allProcess);
