import { openLocalAllowances } from '../../src/platform/request-windows';

const MINUTE = 60_000;

test('a window begins with its first unit, and the whole allowance is there again after it', async () => {
  let nowMs = 1_000;
  const take = openLocalAllowances(() => new Date(nowMs));

  const first = await take('a', 2, MINUTE);
  nowMs += 20_000;
  const others = [await take('a', 2, MINUTE), await take('a', 2, MINUTE), await take('b', 2, MINUTE)];
  nowMs += 40_000;
  const next = await take('a', 2, MINUTE);

  expect(first).toEqual({ isTaken: true, remaining: 1, resetMs: MINUTE });
  expect(others).toEqual([
    { isTaken: true, remaining: 0, resetMs: 40_000 },
    { isTaken: false, remaining: 0, resetMs: 40_000 },
    { isTaken: true, remaining: 1, resetMs: MINUTE },
  ]);
  expect(next).toEqual(first);
});

test('subjects without end do not fill the memory: the oldest windows are given up', async () => {
  const take = openLocalAllowances(() => new Date(0), 100);
  await take('first', 1, MINUTE);

  for (let index = 0; index < 1_000; index += 1) await take(`subject ${index}`, 1, MINUTE);
  const last = await take('subject 999', 1, MINUTE);
  const first = await take('first', 1, MINUTE);

  expect(last.isTaken).toBe(false);
  expect(first.isTaken).toBe(true);
});
