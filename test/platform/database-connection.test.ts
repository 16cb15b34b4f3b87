import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseConnectionOf } from '../../src/platform/database-connection';
import { makeAuthority, missingOpenssl } from '../support/certificates';
import { temporaryFolder } from '../support/temporary-folder';

const ADDRESS = 'postgresql://u:p@db:5432/ticks';
const missing = missingOpenssl();
const testWithOpenssl = missing ? test.skip : test;
const because = missing ? ` (skipped: ${missing})` : '';

test.each(['', '?sslmode=disable'])(
  'without a mode, or with disable, nothing is encrypted, whatever PGSSLMODE says: "%s"',
  (mode) => {
    expect(databaseConnectionOf(`${ADDRESS}${mode}`)).toEqual({ connectionString: ADDRESS, ssl: false });
  },
);

test.each(['require', 'verify-full'])(
  '%s checks certificate and name against the authorities of the system',
  (mode) => {
    const { connectionString, ssl } = databaseConnectionOf(
      `${ADDRESS}?application_name=x&sslmode=${mode}&sslrootcert=system`,
    );

    expect(connectionString).toBe(`${ADDRESS}?application_name=x`);
    expect(ssl).toEqual({});
  },
);

test.each([
  ['sslmode=prefer', /sslmode=prefer falls back to plain text/],
  ['sslmode=allow', /sslmode=allow falls back to plain text/],
  ['sslmode=no-verify', /sslmode=no-verify trusts anybody/],
  ['sslmode=hunter2', /expected disable, require, verify-ca or verify-full/],
  ['sslmode=verify-ca', /needs an authority of your own: sslrootcert=FILE/],
  ['sslmode=verify-ca&sslrootcert=system', /needs an authority of your own/],
  ['sslmode=require&uselibpqcompat=true', /uselibpqcompat= is not understood/],
  ['ssl=no-verify', /ssl= is not understood; expected sslmode=/],
  ['sslrootcert=/ca.pem', /sslrootcert= is given, but TLS is off/],
  ['sslmode=require&sslrootcert=/nonexistent/ca.pem', /sslrootcert: expected the name of a file/],
  ['sslmode=require&sslcert=/x.pem', /sslcert= and sslkey= go together/],
])('%s is refused with a sentence that shows no value', (parameters, sentence) => {
  const read = () => databaseConnectionOf(`${ADDRESS}?${parameters}`);

  expect(read).toThrow(sentence);
  expect(read).toThrow(/^DATABASE_URL: /);
  expect(read).not.toThrow(/hunter2|nonexistent/);
});

testWithOpenssl(`verify-ca trusts the given authority and asks for no name${because}`, () => {
  const authority = makeAuthority(temporaryFolder(), 'authority');

  const { ssl } = databaseConnectionOf(`${ADDRESS}?sslmode=verify-ca&sslrootcert=${authority.certFile}`);

  expect(ssl).toEqual({ ca: authority.cert, checkServerIdentity: expect.any(Function) });
});

testWithOpenssl(`a certificate goes with its own key only${because}`, () => {
  const authority = makeAuthority(temporaryFolder(), 'authority');
  const [own, other] = [authority.issue('own'), authority.issue('other')];
  const urlWith = (keyFile: string) => `${ADDRESS}?sslmode=require&sslcert=${own.certFile}&sslkey=${keyFile}`;

  expect(databaseConnectionOf(urlWith(own.keyFile)).ssl).toEqual({ cert: own.cert, key: own.key });
  expect(() => databaseConnectionOf(urlWith(other.keyFile))).toThrow(
    /sslcert and sslkey: expected a certificate and its own key/,
  );
});

test('a file without a certificate is refused', () => {
  const file = join(temporaryFolder(), 'ca.pem');
  writeFileSync(file, 'hello');

  expect(() => databaseConnectionOf(`${ADDRESS}?sslmode=require&sslrootcert=${file}`)).toThrow(
    /sslrootcert: expected certificates in PEM/,
  );
});
