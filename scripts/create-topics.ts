import { runOnce } from '../src/platform/run-process';
import { createTopics } from '../src/processes/create-topics';

void runOnce('create-topics', createTopics);
