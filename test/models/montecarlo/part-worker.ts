import { parentPort, workerData } from 'node:worker_threads';
import { montecarlo } from '../../../src/models/montecarlo/montecarlo';

/** A thread that computes the parts it is asked for: what the pool of the job runner does, without the pool. */
parentPort?.on('message', (index: number) => {
  parentPort?.postMessage({ index, part: montecarlo.runPart(workerData, index) });
});
