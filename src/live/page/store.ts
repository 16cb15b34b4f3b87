import { type LiveAction, type LiveState, NOTHING_YET, reduce } from './live-state';

export interface LiveStore {
  readonly state: LiveState;
  dispatch(action: LiveAction): void;
  /** `draw` is called before the next picture of the screen after changes, however many there were. */
  onChange(draw: (state: LiveState) => void): void;
}

/** The one place where live state is kept. */
export function openLiveStore(): LiveStore {
  let state = NOTHING_YET;
  let isDue = false;
  const draws: ((state: LiveState) => void)[] = [];
  const drawAll = () => {
    isDue = false;
    for (const draw of draws) draw(state);
  };
  return {
    get state() {
      return state;
    },
    dispatch: (action) => {
      const after = reduce(state, action);
      if (after === state) return;
      state = after;
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(drawAll);
    },
    onChange: (draw) => {
      draws.push(draw);
    },
  };
}
