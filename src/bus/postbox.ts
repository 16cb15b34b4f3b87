import { messageOf, toTickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Bus, BusRecord } from './bus';
import { bodilessDeadLetterOf, deadLetterOf, type Failure } from './dead-letter';

/** A record that could not be handled, and why. */
export interface Letter {
  readonly record: BusRecord;
  readonly failure: Failure;
}

export interface PostboxOptions {
  readonly publish: Bus['publish'];
  readonly log: Log;
  count(name: string, by: number): void;
}

/** Sends dead letters, each once, and remembers those that are out until their partition has moved past them. */
export class Postbox {
  readonly #options: PostboxOptions;
  /** Offsets by partition. */
  readonly #posted = new Map<number, Set<string>>();

  constructor(options: PostboxOptions) {
    this.#options = options;
  }

  /** The letters of a delivered batch that are not out yet. Letters before its first record are forgotten: they were committed. */
  open(records: readonly BusRecord[], letters: readonly Letter[]): readonly Letter[] {
    const [first] = records;
    const posted = first && this.#posted.get(first.partition);
    if (!posted) return letters;
    for (const offset of posted) if (BigInt(offset) < BigInt(first.offset)) posted.delete(offset);
    return letters.filter(({ record }) => !posted.has(record.offset));
  }

  /** Sends those that are not out yet. @throws a retryable error when some could not be sent; to be called again with the same letters. */
  async post(letters: readonly Letter[]): Promise<void> {
    const waiting = letters.filter(({ record }) => !this.#posted.get(record.partition)?.has(record.offset));
    const results = await Promise.allSettled(waiting.map((letter) => this.#send(letter)));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #send(letter: Letter): Promise<void> {
    const { record, failure } = letter;
    try {
      await this.#options.publish([deadLetterOf(record, failure)]);
    } catch (error) {
      if (toTickwireError(error).retryable) throw error;
      await this.#sendBodiless(letter);
    }
    this.#remember(record);
    this.#options.count('dead_lettered', 1);
    this.#options.log.error(fieldsOf(letter), 'record dead-lettered');
  }

  /** A letter that is refused must not be tried for ever; the record itself still lies in its topic. */
  async #sendBodiless(letter: Letter): Promise<void> {
    try {
      await this.#options.publish([bodilessDeadLetterOf(letter.record, letter.failure)]);
    } catch (error) {
      if (toTickwireError(error).retryable) throw error;
      this.#options.count('dead_letters_lost', 1);
      this.#options.log.error({ ...fieldsOf(letter), refusal: messageOf(error) }, 'dead letter refused');
    }
  }

  #remember({ partition, offset }: BusRecord): void {
    const posted = this.#posted.get(partition) ?? new Set();
    this.#posted.set(partition, posted.add(offset));
  }
}

function fieldsOf({ record: { topic, partition, offset }, failure }: Letter): object {
  const { group, attempts, error } = failure;
  return { group, topic, partition, offset, attempts, code: error.code, error: error.message };
}
