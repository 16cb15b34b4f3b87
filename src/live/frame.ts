/** Something to be told, made once for everyone who is told it. */
export class Frame {
  /** Of server-sent events, and the `type` of the JSON. */
  readonly event: string;
  /** JSON on one line. */
  readonly text: string;
  /** What a client has seen once it has this; undefined where the frame says nothing of that. */
  readonly sequence: number | undefined;
  #bytes: Buffer | undefined;

  constructor(event: string, text: string, sequence?: number) {
    this.event = event;
    this.text = text;
    this.sequence = sequence;
  }

  /** The text in UTF-8, encoded once. */
  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.text);
    return this.#bytes;
  }
}

/** What went wrong with a frame of the client; the connection stays. */
export type FrameErrorCode = 'INVALID_INPUT' | 'FRAME_TOO_LARGE' | 'RATE_LIMITED';

export function errorFrame(code: FrameErrorCode, detail: string): Frame {
  return new Frame('error', JSON.stringify({ type: 'error', code, detail }));
}

/** Whether what is told is the present: `stale` says since when it is not, and that nothing newer can be told. */
export function statusFrame(staleSince: Date | undefined): Frame {
  const state = staleSince ? { state: 'stale', since: staleSince.toISOString() } : { state: 'live' };
  return new Frame('status', JSON.stringify({ type: 'status', ...state }));
}

/** Said before the diffs a client had missed. */
export function resumedFrame(from: number): Frame {
  return new Frame('resumed', JSON.stringify({ type: 'resumed', from }));
}
