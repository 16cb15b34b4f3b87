import { runOnce } from '../src/platform/run-process';
import { initDb } from '../src/processes/init-db';

void runOnce('init-db', initDb);
