import { alignHistory } from '../models/missing-data';
import type { ModelDefinition, ModelInput } from '../models/model';
import { TickwireError } from '../platform/errors';
import { renderArtifacts } from '../reports/render-artifacts';
import type { Finished, Plan, ThreadAnswer, ThreadTask } from './thread-task';

/** Does one task with one of `models`. Never throws: an error is an answer, with its code where it is one of ours, else as MODEL_FAILED. */
export function answerTask(models: readonly ModelDefinition[], task: ThreadTask): ThreadAnswer {
  try {
    const model = models.find(({ name }) => name === task.model);
    if (!model) throw new TickwireError('MODEL_UNKNOWN', `model: there is no model ${task.model}`);
    return { ok: true, value: done(model, task) };
  } catch (error) {
    if (error instanceof TickwireError) return { ok: false, code: error.code, message: error.message };
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `the model ${task.model} failed by a fault of its own; the log of its runner says more`;
    return { ok: false, code: 'MODEL_FAILED', message, fault };
  }
}

function done(model: ModelDefinition, task: ThreadTask): Plan | readonly unknown[] | Finished {
  switch (task.kind) {
    case 'plan':
      return planOf(model, task);
    case 'parts':
      return task.indexes.map((index) => model.runPart(task.input, index));
    case 'finish':
      return finish(model, task);
  }
}

function planOf(model: ModelDefinition, { params, history }: Extract<ThreadTask, { kind: 'plan' }>): Plan {
  const input: ModelInput<unknown> = { params, history: history && alignHistory(history.need, history.series) };
  return { input, parts: model.parts(input) };
}

function finish(model: ModelDefinition, { input, parts, job }: Extract<ThreadTask, { kind: 'finish' }>): Finished {
  const output = model.combine(input, parts);
  const { result, metrics, warnings } = output;
  const about = { jobId: job.jobId, model: model.name, title: model.title, params: paramsOf(input) };
  const files = renderArtifacts({ job: { ...about, createdAt: job.createdAt }, output });
  return { output: { result, metrics, warnings }, files };
}

function paramsOf({ params }: ModelInput<unknown>): Readonly<Record<string, unknown>> {
  return typeof params === 'object' && params !== null ? Object.fromEntries(Object.entries(params)) : {};
}
