import { modelJobEvents, modelJobs } from '../../src/bus/topics';

const JOB_ID = '3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4';
const NOW = new Date('2026-01-05T15:00:00.000Z');
const recordOf = (value: string) => ({ key: Buffer.from(JOB_ID), value: Buffer.from(value) });

test('a job is published under its id and read as it was', () => {
  const message = modelJobs.message({ jobId: JOB_ID, model: 'montecarlo' }, { 'x-request-id': 'r-1' });

  expect(message).toMatchObject({ topic: 'model-jobs', key: JOB_ID, headers: { 'x-request-id': 'r-1' } });
  expect(JSON.parse(String(message.value))).toEqual({ job_id: JOB_ID, model: 'montecarlo' });
  expect(modelJobs.decode(recordOf(String(message.value)), NOW)).toEqual({
    ok: true,
    event: { jobId: JOB_ID, model: 'montecarlo' },
  });
});

test.each([
  { status: 'running' as const },
  { status: 'failed' as const, error: { code: 'JOB_TIMEOUT', message: 'late' } },
])('an event of a job (%j) is published under its id and read as it was', (change) => {
  const event = { jobId: JOB_ID, progress: 0.25, at: NOW, ...change };

  const message = modelJobEvents.message(event);

  expect(message).toMatchObject({ topic: 'model-job-events', key: JOB_ID });
  expect(modelJobEvents.decode(recordOf(String(message.value)), NOW)).toEqual({ ok: true, event });
});

test.each([
  ['no JSON', '{', 'value'],
  ['no id', '{"model":"montecarlo"}', 'job_id'],
  ['another kind of id', '{"job_id":"7","model":"montecarlo"}', 'job_id'],
  ['no model', `{"job_id":"${JOB_ID}"}`, 'model'],
])('a record with %s does not decode, and says where', (_, value, place) => {
  expect(modelJobs.decode(recordOf(value), NOW)).toEqual({ ok: false, detail: expect.stringContaining(place) });
});

test.each([{ status: 'lost' }, { progress: 1.5 }, { at: 'noon' }])('an event with %j does not decode', (change) => {
  const wire = { job_id: JOB_ID, status: 'running', progress: 0.5, at: NOW.toISOString(), ...change };

  expect(modelJobEvents.decode(recordOf(JSON.stringify(wire)), NOW).ok).toBe(false);
});
