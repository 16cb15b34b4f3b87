import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { montecarlo } from '../../../src/models/montecarlo/montecarlo';
import type { PathBlock } from '../../../src/models/montecarlo/path-block';
import { METHODS } from '../../../src/models/montecarlo/plan';
import { aRequest, inputOf, partsOf } from './run-model';

/** The bytes of the result, its tables and charts, computed by `threads` worker threads that take the next part when they are free. */
async function bytesWith(threads: number, request: Record<string, unknown>): Promise<string> {
  const input = inputOf(request);
  const parts: PathBlock[] = [];
  let next = 0;
  const total = montecarlo.parts(input);
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(join(__dirname, 'part-worker.ts'), {
        workerData: input,
        execArgv: ['-r', 'esbuild-register'],
      });
      await new Promise<void>((resolve, reject) => {
        const ask = () => {
          if (next < total) worker.postMessage(next++);
          else resolve();
        };
        worker.on('error', reject);
        worker.on('message', ({ index, part }: { index: number; part: PathBlock }) => {
          parts[index] = part;
          ask();
        });
        ask();
      });
      await worker.terminate();
    }),
  );
  expect(Object.keys(parts)).toHaveLength(total);
  return JSON.stringify(montecarlo.combine(input, parts));
}

test.each(['plain', 'sobol'])('method %s gives the same bytes on one, two and four threads', async (method) => {
  const request = aRequest({ method, simulations: 1_600, time_steps: 4_000 });

  const [one, two, four] = [await bytesWith(1, request), await bytesWith(2, request), await bytesWith(4, request)];

  expect(montecarlo.parts(inputOf(request))).toBeGreaterThanOrEqual(4);
  expect(two).toBe(one);
  expect(four).toBe(one);
});

test.each(METHODS)('method %s gives the same bytes in whatever order the parts of a holding are computed', (method) => {
  const input = inputOf({
    assets: [
      { symbol: 'A', drift: 0.05, volatility: 0.2 },
      { symbol: 'B', drift: 0.02, volatility: 0.3 },
    ],
    ...{ method, simulations: 520, time_steps: 2_000 },
  });

  const forwards = JSON.stringify(montecarlo.combine(input, partsOf(input)));
  const backwards = JSON.stringify(
    montecarlo.combine(
      input,
      partsOf(input, (numbers) => [...numbers].reverse()),
    ),
  );

  expect(montecarlo.parts(input)).toBeGreaterThan(1);
  expect(backwards).toBe(forwards);
});

test.each(['plain', 'control_variate', 'antithetic'])(
  'the first paths of method %s stay the same when more are asked for',
  (method) => {
    const [few, many] = [1_000, 3_000].map((simulations) => partsOf(inputOf(aRequest({ method, simulations })))[0]!);

    expect(Array.from(many!.values.subarray(0, 1_000))).toEqual(Array.from(few!.values));
  },
);

test('no path comes twice, within a part or in another', () => {
  const parts = partsOf(inputOf(aRequest({ simulations: 1_100, time_steps: 4_000 })));

  expect(parts.length).toBeGreaterThan(2);
  expect(new Set(parts.flatMap(({ values }) => Array.from(values))).size).toBe(1_100);
});

test('another seed gives other paths', () => {
  const [one, other] = [1, 2].map((seed) => partsOf(inputOf(aRequest({ seed })))[0]!.values);

  expect(Array.from(one!)).not.toEqual(Array.from(other!));
});

test('a request without a seed is the request with seed 42', () => {
  expect(inputOf(aRequest()).params).toEqual(inputOf(aRequest({ seed: 42 })).params);
});
