import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT, readProjectFile } from './deployed-product';
import { copiedSources, dockerfileFaults, isLetThrough } from './dockerfile-rules';

const DOCKERFILE = readProjectFile('Dockerfile');
const IGNORE = readProjectFile('.dockerignore');

test('the image is made by the rules, and runs as nobody', () => {
  const faults = dockerfileFaults(DOCKERFILE, PRODUCT);

  expect(faults).toEqual([]);
});

test('a version that is new is missed in the image', () => {
  const faults = dockerfileFaults(DOCKERFILE, { ...PRODUCT, version: '9.0.0' });

  expect(faults).toEqual(['LABEL: another version']);
});

test.each([
  ['a base that moves', 'FROM node:20-bookworm-slim\n', 'FROM node:latest\n', /FROM: expected an image with the tag/],
  ['a base without a tag', 'FROM node:20-bookworm-slim AS', 'FROM node AS', /FROM: expected an image with the tag/],
  ['something fetched by ADD', 'COPY LICENSE ./', 'ADD https://example.org/x ./', /COPY in place of ADD/],
  ['the whole folder copied', 'COPY src ./src', 'COPY . ./', /named files/],
  ['root at the end', 'USER 1000:1000', 'USER root', /USER: expected/],
  ['a user by name', 'USER 1000:1000', 'USER node', /USER: expected/],
  ['no user at all', 'USER 1000:1000\n', '', /USER: expected/],
  ['a command for a shell', 'CMD ["dist/scripts/api.js"]', 'CMD node dist/scripts/api.js', /CMD.*JSON form/],
  ['an entry point for a shell', 'ENTRYPOINT ["node", ', 'ENTRYPOINT node [', /ENTRYPOINT.*JSON form/],
  ['a health check for a shell', 'CMD ["node", "-e"', 'CMD node "-e"', /HEALTHCHECK.*JSON form/],
  ['no health check', 'HEALTHCHECK --interval=10s', 'LABEL x', /HEALTHCHECK: expected/],
  ['another signal to stop', 'STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGKILL', /STOPSIGNAL/],
  ['lists of apt kept', 'WORKDIR /app\n', 'RUN apt-get install --no-install-recommends tini\n', /lists of apt/],
  ['what apt recommends', 'WORKDIR /app\n', 'RUN apt-get install x && rm -rf /var/lib/apt/lists/*\n', /recommends/],
  ['sudo', 'RUN npm run postinstall', 'RUN sudo npm run postinstall', /no sudo/],
  ['scripts of packages', 'npm ci --omit=dev --ignore-scripts', 'npm ci --omit=dev', /without scripts of packages/],
  ['a relative folder', 'WORKDIR /app\n', 'WORKDIR app\n', /absolute WORKDIR/],
  ['a secret', 'ENV NODE_ENV=production', 'ENV FINNHUB_API_KEY=demo', /no secret/],
  ['an unknown variable', 'HOST=0.0.0.0', 'ADDRESS=0.0.0.0', /got ADDRESS/],
  ['a script that is not built', 'CMD ["dist/scripts/api.js"]', 'CMD ["dist/scripts/web.js"]', /that the build makes/],
  [
    'no migrations',
    'COPY --from=build /app/prisma/migrations',
    'COPY --from=build /app/x',
    /prisma\/migrations in the last/,
  ],
])('it is seen when the image has %s', (_, sound, broken, expected) => {
  expect(DOCKERFILE).toContain(sound);

  const faults = dockerfileFaults(DOCKERFILE.replace(sound, broken), PRODUCT);

  expect(faults.join('\n')).toMatch(expected);
});

test('all that the image copies exists and is let through', () => {
  const sources = copiedSources(DOCKERFILE);

  const missing = sources.filter(
    (path) => !existsSync(join(__dirname, '..', '..', path)) || !isLetThrough(IGNORE, path),
  );

  // Without tsconfig.json the build would be another one: not in strict mode.
  expect(sources).toEqual(expect.arrayContaining(['src', 'scripts', 'prisma', 'tsconfig.json', 'package-lock.json']));
  expect(missing).toEqual([]);
});

test.each([
  '.env',
  '.git/config',
  'node_modules/x',
  '.tickwire/run',
  'test/x',
  'src/store/postgres/generated/client.ts',
  'a.pem',
])('the build of an image never sees %s', (path) => {
  expect(isLetThrough(IGNORE, path)).toBe(false);
});

test('a path is let through by the last line that fits', () => {
  const ignore = '*\n!src\nsrc/own\n';

  const letThrough = ['src/a.ts', 'src/own/b.ts', 'srcs/c.ts'].map((path) => isLetThrough(ignore, path));

  expect(letThrough).toEqual([true, false, false]);
});
