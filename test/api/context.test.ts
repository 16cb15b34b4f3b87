import { getMaxListeners } from 'node:events';
import { openContext } from '../../src/api/context';
import { anApi } from '../support/api';

test('any number of requests may listen to the stop of their server, without a warning of the runtime', () => {
  const [stopping, ended] = [new AbortController().signal, new AbortController().signal];

  openContext(anApi().dependencies, { stopping, ended });

  expect(getMaxListeners(stopping)).toBe(0);
});
