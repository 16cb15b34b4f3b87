import { silentLog } from '../../src/platform/log';
import { type Beat, heartbeat } from '../../src/poller/heartbeat';
import { eventually } from '../support/eventually';

function beatOf(changes: Partial<Beat>): Beat {
  return { name: 'tested', everySeconds: 1, mode: 'overlapping', run: () => Promise.resolve(), ...changes };
}

test('a beat that fails is tried again at the next bell', async () => {
  let rung = 0;
  const beats = [beatOf({ run: () => Promise.reject(new Error(`failure ${++rung}`)) })];
  const service = heartbeat({ beats, log: silentLog });

  await service.start();
  await eventually(() => rung >= 2);
  await service.stop();
});

test('long work does not keep overlapping beats from ringing, and one-at-a-time beats wait for it', async () => {
  const begun = { overlapping: 0, alone: 0 };
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const counting = (kind: keyof typeof begun) => () => {
    begun[kind] += 1;
    return gate;
  };
  const beats = [beatOf({ run: counting('overlapping') }), beatOf({ mode: 'one-at-a-time', run: counting('alone') })];
  const service = heartbeat({ beats, log: silentLog });

  await service.start();
  await eventually(() => begun.overlapping >= 3);
  expect(begun.alone).toBe(1);
  release();
  await service.stop();
});

test('a stop waits for running work, and nothing rings afterwards', async () => {
  let finished = false;
  let rung = 0;
  const run = async () => {
    rung += 1;
    await new Promise((resolve) => setTimeout(resolve, 300));
    finished = true;
  };
  const service = heartbeat({ beats: [beatOf({ run, everySeconds: 100 })], log: silentLog });
  await service.start();
  await eventually(() => rung === 1);

  await service.stop();

  expect(finished).toBe(true);
  await service.stop();
});
