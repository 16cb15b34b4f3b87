import request from 'supertest';
import { modelsOf, type OfferedModels } from '../../../src/live/page/model-list';
import { fieldsOf, fieldText, paramsOf, valueAt } from '../../../src/live/page/schema-form';
import { MODELS } from '../../../src/models';
import { anApi } from '../../support/api';

let offered: OfferedModels;

beforeAll(async () => {
  offered = modelsOf((await request(anApi().app).get('/openapi.json')).body);
});

const modelNamed = (name: string) => offered.models.find((model) => model.name === name)!;
const fieldsNamed = (name: string) => fieldsOf(modelNamed(name).schema, offered.refer);

test('every model of the product is offered with its examples', () => {
  const told = offered.models.map(({ name, examples }) => [name, examples.length]);

  expect(told).toEqual(MODELS.map(({ name, examples }) => [name, examples.length]));
});

test('every example of every model survives its form unchanged', () => {
  for (const { name, examples } of offered.models) {
    for (const { title, params } of examples) {
      const filled = paramsOf(fieldsNamed(name), (field) => fieldText(field, valueAt(params, field.path)));
      expect([name, title, filled]).toEqual([name, title, { ok: true, params }]);
    }
  }
});

test('a parameter is asked for by its kind', () => {
  const kinds = Object.fromEntries(fieldsNamed('blackscholes').map(({ path, kind }) => [path.join('.'), kind]));

  expect(kinds).toMatchObject({ option_type: 'choice', spot: 'number', strike: 'list', volatility: 'number' });
  expect(fieldsNamed('markowitz').find(({ path }) => path.join('.') === 'params.long_only')?.kind).toBe('choice');
  expect(fieldsNamed('markowitz').find(({ path }) => path[0] === 'covariance')?.kind).toBe('json');
  expect(fieldsNamed('markowitz').find(({ path }) => path[0] === 'start')?.kind).toBe('date');
});

test.each([
  ['', 'is needed'],
  ['forty', 'expected a number'],
  ['1e999', 'expected a number'],
])('the spot %j is refused: %s', (text, message) => {
  const filled = paramsOf(fieldsNamed('blackscholes'), ({ path: [name] }) => (name === 'spot' ? text : '1'));

  expect(filled).toEqual({ ok: false, path: 'spot', message });
});

test('a document without models offers none', () => {
  expect(modelsOf({ paths: { '/api/v1/jobs/batch': { post: {} }, '/api/v1/x': null } }).models).toEqual([]);
  expect(modelsOf('nonsense').models).toEqual([]);
});
