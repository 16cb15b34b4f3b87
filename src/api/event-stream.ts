import type { Answer } from './answer';

/** Server-sent events, told as they come. */
export function eventStream(body: AsyncIterable<string>): Answer {
  return {
    status: 200,
    contentType: 'text/event-stream; charset=utf-8',
    // A proxy that collected them would keep them from being news.
    headers: { 'X-Accel-Buffering': 'no' },
    body,
  };
}
