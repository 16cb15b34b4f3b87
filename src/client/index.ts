export { ApiError, type Fault, UNEXPECTED_ANSWER } from './api-error';
export {
  type AnswerOf,
  type ClientOptions,
  createClient,
  type PathOf,
  type RequestOf,
  type TickwireClient,
} from './client';
export { isModelName, type ModelJob, type ModelName, type WaitOptions, waitForJob } from './jobs';
export { type components, MODEL_NAMES, type operations, type paths } from './schema';
export { readServerSentEvents, type ServerSentEvent } from './server-sent-events';
export { type HistoryQuery, type PricePoint, streamPrices } from './stream-prices';
