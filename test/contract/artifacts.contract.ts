import { createHash, randomUUID } from 'node:crypto';
import type { ArtifactFile, Artifacts } from '../../src/artifacts/artifacts';

/** A file of an attempt, with text as its body. */
export function anArtifactFile(file: Partial<Omit<ArtifactFile, 'body'>> & { text?: string } = {}): ArtifactFile {
  const { name = 'result.json', contentType = 'application/json', text = '{}' } = file;
  return { name, contentType, body: Buffer.from(text) };
}

/** What every store of artifacts holds to. Each test uses a job of its own. */
export function describeArtifacts(underTest: () => Artifacts): void {
  const textOf = async (jobId: string, fence: number, name: string) => {
    const body = await underTest().read(jobId, fence, name);
    return body && Buffer.from(body).toString('utf8');
  };

  test('what was saved is read byte for byte, and described by type, size and checksum', async () => {
    const jobId = randomUUID();
    const body = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256);
    const files = [{ name: 'paths.csv', contentType: 'text/csv', body }, anArtifactFile({ text: '{"größe":1}' })];

    const saved = await underTest().save(jobId, 1, files);

    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(saved[0]).toEqual({ name: 'paths.csv', contentType: 'text/csv', bytes: 70_000, sha256 });
    expect(saved[1]).toMatchObject({ name: 'result.json', bytes: 13 });
    expect(Buffer.compare(body, (await underTest().read(jobId, 1, 'paths.csv'))!)).toBe(0);
    expect(await textOf(jobId, 1, 'result.json')).toBe('{"größe":1}');
  });

  test('an empty file is a file', async () => {
    const jobId = randomUUID();

    const [saved] = await underTest().save(jobId, 0, [anArtifactFile({ text: '' })]);

    expect(saved?.bytes).toBe(0);
    expect(await textOf(jobId, 0, 'result.json')).toBe('');
  });

  test('what was saved does not change with the bytes it was given or gave out', async () => {
    const jobId = randomUUID();
    const body = Buffer.from('kept');
    await underTest().save(jobId, 1, [{ name: 'a.txt', contentType: 'text/plain', body }]);

    body.fill('x');
    (await underTest().read(jobId, 1, 'a.txt'))!.fill(0);

    expect(await textOf(jobId, 1, 'a.txt')).toBe('kept');
  });

  test('an unknown job, fence or name has no bytes', async () => {
    const jobId = randomUUID();
    await underTest().save(jobId, 1, [anArtifactFile()]);

    const reads = await Promise.all([
      underTest().read(randomUUID(), 1, 'result.json'),
      underTest().read(jobId, 2, 'result.json'),
      underTest().read(jobId, 1, 'report.html'),
    ]);

    expect(reads).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    '../1/result.json',
    '..',
    '.',
    '',
    '/etc/hostname',
    'a/b',
    'a\\b',
    'Result.json',
    '.hidden',
    'a\0',
    'a\n',
    'é',
    'a'.repeat(101),
  ])('the name %j can be neither saved nor read', async (name) => {
    const jobId = randomUUID();
    const files = [anArtifactFile(), anArtifactFile({ name })];

    await expect(underTest().save(jobId, 1, files)).rejects.toMatchObject({ code: 'INVALID_INPUT' });

    expect(await underTest().read(jobId, 1, name)).toBeUndefined();
    expect(await underTest().read(jobId, 1, 'result.json')).toBeUndefined();
  });

  test.each([
    ['../../etc', 1],
    ['.unfinished', 1],
    ['', 1],
    [`${randomUUID()}/..`, 1],
    [randomUUID(), -1],
    [randomUUID(), 1.5],
    [randomUUID(), Number.NaN],
  ])('there is no attempt %j, %d', async (jobId, fence) => {
    const refused = { code: 'INVALID_INPUT' };

    await expect(underTest().save(jobId, fence, [anArtifactFile()])).rejects.toMatchObject(refused);
    await expect(underTest().removeOthers(jobId, fence)).rejects.toMatchObject(refused);

    expect(await underTest().read(jobId, fence, 'result.json')).toBeUndefined();
  });

  test('a name that stands twice is refused', async () => {
    const files = [anArtifactFile({ text: '1' }), anArtifactFile({ text: '2' })];

    await expect(underTest().save(randomUUID(), 1, files)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('a job id means the same job in capitals', async () => {
    const jobId = randomUUID();

    await underTest().save(jobId.toUpperCase(), 1, [anArtifactFile({ text: 'same' })]);

    expect(await textOf(jobId, 1, 'result.json')).toBe('same');
    expect(await textOf(jobId.toUpperCase(), 1, 'result.json')).toBe('same');
  });

  test('the same attempt saved again holds what was saved last, and nothing else', async () => {
    const jobId = randomUUID();
    await underTest().save(jobId, 3, [anArtifactFile({ text: 'first' }), anArtifactFile({ name: 'old.csv' })]);

    await underTest().save(jobId, 3, [anArtifactFile({ text: 'second' }), anArtifactFile({ name: 'new.csv' })]);

    expect(await textOf(jobId, 3, 'result.json')).toBe('second');
    expect(await textOf(jobId, 3, 'new.csv')).toBe('{}');
    expect(await textOf(jobId, 3, 'old.csv')).toBeUndefined();
  });

  test('the same attempt saved many times at once ends complete', async () => {
    const jobId = randomUUID();
    const files = [anArtifactFile({ text: 'same' }), anArtifactFile({ name: 'b.csv', text: 'bytes' })];

    await Promise.all(Array.from({ length: 8 }, () => underTest().save(jobId, 1, files)));

    expect(await textOf(jobId, 1, 'result.json')).toBe('same');
    expect(await textOf(jobId, 1, 'b.csv')).toBe('bytes');
  });

  test('attempts of one job saved at once stand beside each other', async () => {
    const jobId = randomUUID();
    const fences = [1, 2, 3, 10];

    await Promise.all(fences.map((fence) => underTest().save(jobId, fence, [anArtifactFile({ text: `by ${fence}` })])));

    const texts = await Promise.all(fences.map((fence) => textOf(jobId, fence, 'result.json')));
    expect(texts).toEqual(['by 1', 'by 2', 'by 3', 'by 10']);
  });

  test('removing the others keeps the attempt and other jobs', async () => {
    const [jobId, otherJob] = [randomUUID(), randomUUID()];
    for (const fence of [1, 2, 3]) await underTest().save(jobId, fence, [anArtifactFile({ text: `by ${fence}` })]);
    await underTest().save(otherJob, 1, [anArtifactFile({ text: 'other' })]);

    await underTest().removeOthers(jobId, 2);
    await underTest().removeOthers(jobId, 2);

    expect(await textOf(jobId, 1, 'result.json')).toBeUndefined();
    expect(await textOf(jobId, 2, 'result.json')).toBe('by 2');
    expect(await textOf(jobId, 3, 'result.json')).toBeUndefined();
    expect(await textOf(otherJob, 1, 'result.json')).toBe('other');
  });

  test('removing the others of a job that left nothing is no error', async () => {
    await expect(underTest().removeOthers(randomUUID(), 1)).resolves.toBeUndefined();
  });
}
