import { now } from './api';
import { found, setAttribute, setText } from './element';
import type { LiveState } from './live-state';
import { clockText, durationText } from './written';

/** The state of the connection: always in the header, in words above the table where prices cannot be believed, and said aloud only when it changes. */
export function openLinkState(retry: () => void): { draw(state: LiveState): void } {
  const badge = found('link', HTMLElement);
  const aloud = found('link-aloud', HTMLElement);
  const notice = found('notice', HTMLElement);
  const market = found('market', HTMLElement);
  found('retry', HTMLButtonElement).addEventListener('click', retry);
  let state: LiveState | undefined;

  const tick = () => {
    if (!state) return;
    const { name, badgeText, sentence, sinceMs } = viewOf(state);
    setAttribute(badge, 'data-link', name);
    setText(badge, badgeText);
    const isHeld = sinceMs !== undefined;
    notice.hidden = !isHeld;
    setAttribute(market, 'data-held', isHeld ? 'true' : undefined);
    if (sinceMs !== undefined) {
      setText(found('notice-text', HTMLElement), sentence);
      setText(found('notice-age', HTMLElement), `${durationText(now() - sinceMs)} ago`);
    }
    setText(aloud, sentence);
  };
  setInterval(tick, 1_000);
  return {
    draw: (next) => {
      const isNews = !state || next.link !== state.link || next.staleSinceMs !== state.staleSinceMs;
      state = next;
      if (isNews) tick();
    },
  };
}

interface LinkView {
  readonly name: 'connecting' | 'live' | 'locked' | 'lost' | 'stale';
  readonly badgeText: string;
  readonly sentence: string;
  readonly sinceMs: number | undefined;
}

function viewOf({ link, staleSinceMs }: LiveState): LinkView {
  if (link.phase === 'lost') {
    const sentence = `Connection lost at ${clockText(link.sinceMs, now())}. Prices are shown as of then; reconnecting.`;
    return { name: 'lost', badgeText: 'Not connected', sentence, sinceMs: link.sinceMs };
  }
  if (link.phase === 'locked') {
    return { name: 'locked', badgeText: 'API key needed', sentence: '', sinceMs: undefined };
  }
  if (staleSinceMs !== undefined) {
    const since = clockText(staleSinceMs, now());
    const sentence = `The service hears no new prices since ${since}. Prices are shown as of then.`;
    return { name: 'stale', badgeText: 'Stale', sentence, sinceMs: staleSinceMs };
  }
  if (link.phase === 'live')
    return { name: 'live', badgeText: 'Live', sentence: 'Connected, prices are live.', sinceMs: undefined };
  return { name: 'connecting', badgeText: 'Connecting', sentence: 'Connecting.', sinceMs: undefined };
}
