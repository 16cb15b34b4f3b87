import { MODELS } from '../models';
import { runWhenIdle } from '../platform/priority';
import { answerTask } from './answer-task';
import type { ThreadAnswer, ThreadTask } from './thread-task';

runWhenIdle();

/** What a thread of the pool does with a task: any model of the product. */
export default function work(task: ThreadTask): ThreadAnswer {
  return answerTask(MODELS, task);
}
