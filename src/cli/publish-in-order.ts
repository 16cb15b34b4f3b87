import type { Bus, Message } from '../bus/bus';
import { pause } from '../platform/clock';
import { toTickwireError } from '../platform/errors';

/** Most messages of one publish. */
const MAX_BATCH = 2_000;
/** Most bytes of keys and values waiting for a publish, so that large records do not fill the memory. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

export interface PublishOptions {
  readonly bus: Pick<Bus, 'publish'>;
  /** What is to be published. `signal` aborts when no more is wanted: the source should end then, also in the middle of a pause. */
  messages(signal: AbortSignal): AsyncIterable<Message>;
  /** Ends the reading; what was read before is still published. */
  readonly signal: AbortSignal;
  /** How long a broker that does not answer is asked again, 0 by default: only for messages that are harmless twice. */
  readonly patienceMs?: number;
  /** Told after each publish how many messages it held. */
  onPublished(count: number): void;
}

/**
 * Publishes every message in the order given: one publish at a time, of whatever was read during the last one, so that a slow source is passed on at
 * once and a fast one in full batches. @throws what `publish` or the source throws, as soon as it does; nothing is under way any more then.
 */
export async function publishInOrder(options: PublishOptions): Promise<void> {
  const { messages, signal, onPublished } = options;
  const failure = new AbortController();
  const enough = AbortSignal.any([signal, failure.signal]);
  let batch: Batch = { messages: [], bytes: 0 };
  let underWay: Promise<void> | undefined;

  const publishBatch = async () => {
    const published = batch.messages;
    batch = { messages: [], bytes: 0 };
    await publishPatiently(options, published);
    onPublished(published.length);
  };
  const publishWhatWaits = () => {
    if (underWay !== undefined || batch.messages.length === 0 || failure.signal.aborted) return;
    underWay = publishBatch()
      .catch((error: unknown) => failure.abort(error))
      .then(() => {
        underWay = undefined;
        publishWhatWaits();
      });
  };

  try {
    for await (const message of messages(enough)) {
      if (enough.aborted) break;
      if (!fits(message, batch)) await underWay;
      batch.messages.push(message);
      batch.bytes += sizeOf(message);
      publishWhatWaits();
    }
  } finally {
    while (underWay !== undefined) await underWay;
  }
  if (failure.signal.aborted) throw failure.signal.reason;
}

const BETWEEN_TRIES_MS = 250;

/** @throws the broker's last word once the patience is over, and at once what no second try can mend. */
async function publishPatiently(
  { bus, patienceMs = 0, signal }: PublishOptions,
  messages: readonly Message[],
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await bus.publish(messages);
    } catch (error) {
      if (!toTickwireError(error).retryable || Date.now() >= deadline || signal.aborted) throw error;
      await pause(BETWEEN_TRIES_MS, signal);
    }
  }
}

interface Batch {
  readonly messages: Message[];
  bytes: number;
}

function fits(message: Message, { messages, bytes }: Batch): boolean {
  return messages.length === 0 || (messages.length < MAX_BATCH && bytes + sizeOf(message) <= MAX_BATCH_BYTES);
}

function sizeOf({ key, value }: Message): number {
  return (key?.length ?? 0) + (value?.length ?? 0);
}
