import { TickwireError } from '../../../src/platform/errors';
import { toStoreError, violatedConstraint } from '../../../src/store/postgres/store-error';

const withFields = (message: string, fields: object, name = 'Error') =>
  Object.assign(new Error(message), { name, ...fields });

test.each([
  ['ECONNREFUSED', 'STORE_UNAVAILABLE'],
  ['ETIMEDOUT', 'STORE_UNAVAILABLE'],
  ['EPIPE', 'STORE_UNAVAILABLE'],
  ['57P01', 'STORE_UNAVAILABLE'],
  ['57014', 'STORE_UNAVAILABLE'],
  ['53300', 'STORE_UNAVAILABLE'],
  ['42P01', 'STORE_UNAVAILABLE'],
  ['40001', 'STORE_CONFLICT'],
  ['40P01', 'STORE_CONFLICT'],
  ['22003', 'STORE_REFUSED'],
  ['23505', 'STORE_REFUSED'],
  ['54000', 'STORE_REFUSED'],
])('%s is %s', (code, expected) => {
  expect(toStoreError(withFields('x', { code }))).toMatchObject({ code: expected });
});

test.each([
  ['Connection terminated unexpectedly'],
  ['Connection terminated due to connection timeout'],
  ['timeout exceeded when trying to connect'],
  ['Query read timeout'],
  ['Cannot use a pool after calling end on the pool'],
])('"%s", which has no code, is STORE_UNAVAILABLE', (message) => {
  expect(toStoreError(new Error(message))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test.each([
  ['P1001', {}, 'STORE_UNAVAILABLE'],
  ['P1017', {}, 'STORE_UNAVAILABLE'],
  ['P2024', {}, 'STORE_UNAVAILABLE'],
  ['P2002', {}, 'STORE_REFUSED'],
  ['P2034', {}, 'STORE_CONFLICT'],
  ['P2039', { driverAdapterError: { cause: { originalCode: '23514' } } }, 'STORE_REFUSED'],
  ['P2039', { driverAdapterError: { cause: { originalCode: '57P01' } } }, 'STORE_UNAVAILABLE'],
])("Prisma's %s %j is %s", (code, meta, expected) => {
  const error = withFields('x', { code, meta }, 'PrismaClientKnownRequestError');

  expect(toStoreError(error)).toMatchObject({ code: expected });
});

test('the message tells the code and nothing of the statement', () => {
  const error = toStoreError(withFields('insert into "secret_table"', { code: '22003' }));

  expect(error).toMatchObject({ message: 'the database refused the data (22003)' });
});

test('what is not of the database passes unchanged', () => {
  const errors = [new TypeError('x is not a function'), new TickwireError('TIMEOUT', 'late'), 'text', undefined];

  expect(errors.map(toStoreError)).toEqual(errors);
});

test('a violated constraint is named, through the translation too', () => {
  const error = withFields('x', { code: '23514', constraint: 'some_check' });

  expect([
    violatedConstraint(error),
    violatedConstraint(toStoreError(error)),
    violatedConstraint(new Error('x')),
  ]).toEqual(['some_check', 'some_check', undefined]);
});
