import { connectionVariables } from '../../src/cli/postgres-tools';

it.each([
  [
    'postgresql://me:p%40ss%20word@db.example:6543/prices',
    {
      ...{ PGHOST: 'db.example', PGPORT: '6543', PGUSER: 'me', PGPASSWORD: 'p@ss word', PGDATABASE: 'prices' },
      PGSSLMODE: 'disable',
    },
  ],
  [
    'postgresql://me@[::1]/a%2Fb?sslmode=require',
    {
      ...{ PGHOST: '::1', PGPORT: '5432', PGUSER: 'me', PGDATABASE: 'a/b' },
      ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'system' },
    },
  ],
  [
    'postgresql://me@db/x?sslmode=verify-ca&sslrootcert=/ca.pem&sslcert=/me.pem&sslkey=/me.key',
    {
      ...{ PGHOST: 'db', PGPORT: '5432', PGUSER: 'me', PGDATABASE: 'x', PGSSLMODE: 'verify-ca' },
      ...{ PGSSLROOTCERT: '/ca.pem', PGSSLCERT: '/me.pem', PGSSLKEY: '/me.key' },
    },
  ],
  [
    'postgresql://me@localhost/x?host=/run/postgresql',
    { PGHOST: '/run/postgresql', PGPORT: '5432', PGUSER: 'me', PGDATABASE: 'x', PGSSLMODE: 'disable' },
  ],
])('%s is told to libpq in its own variables, TLS checked or off', (databaseUrl, variables) => {
  expect(connectionVariables(databaseUrl)).toEqual({ ...variables, PGAPPNAME: 'tickwire backup' });
});
