import { runProcess } from '../src/platform/run-process';
import { apiProcess } from '../src/processes/api';

void runProcess('api', apiProcess);
