import { answerTask } from '../../src/jobs/answer-task';
import type { ThreadAnswer, ThreadTask } from '../../src/jobs/thread-task';
import { TEST_MODELS } from './job-models';

/** A thread of the product with the models of the tests; loaded through esbuild-register. */
export default function work(task: ThreadTask): ThreadAnswer {
  return answerTask(TEST_MODELS, task);
}
