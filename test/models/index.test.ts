import { findModel, MODELS } from '../../src/models';
import { describeModel } from '../contract/model.contract';

for (const model of MODELS) describeModel(model);

test('no two models answer to the same name', () => {
  expect(new Set(MODELS.map(({ name }) => name)).size).toBe(MODELS.length);
});

test('the registry holds the models of the contract, and two more', () => {
  expect(MODELS.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['montecarlo', 'markowitz', 'blackscholes', 'valueatrisk', 'realisedvolatility']),
  );
});

test('an unknown model is told with the names there are', () => {
  expect(() => findModel('tarot')).toThrow(expect.objectContaining({ code: 'MODEL_UNKNOWN' }));
  expect(() => findModel('tarot')).toThrow(/blackscholes.*got tarot/);
  expect(findModel('blackscholes').name).toBe('blackscholes');
});
