import { openContext } from '../../src/api/context';
import { anApi } from '../support/api';

/** Where Node keeps how many listeners it takes before it warns; `getMaxListeners` does not know the signals of a test's sandbox. */
function listenerLimitOf(signal: AbortSignal): unknown {
  const name = Object.getOwnPropertySymbols(signal).find(
    ({ description }) => description === 'events.maxEventTargetListeners',
  );
  return name && Reflect.get(signal, name);
}

test('any number of requests may listen to the stop of their server, without a warning of the runtime', () => {
  const [stopping, ended] = [new AbortController().signal, new AbortController().signal];

  openContext(anApi().dependencies, { stopping, ended });

  expect(listenerLimitOf(stopping)).toBe(0);
});
