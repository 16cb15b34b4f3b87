import { z } from 'zod';
import type { ModelDefinition, ModelOutput } from '../../src/models/model';
import { madeHistory } from '../models/made-history';

/** What holds for every model of the registry. */
export function describeModel(model: ModelDefinition): void {
  describe(`model ${model.name}`, () => {
    test('is declared in full, with documented parameters in snake_case', () => {
      const fields = fieldsOf(z.toJSONSchema(model.parameters, { io: 'input', unrepresentable: 'any' }));

      expect(model.name).toMatch(/^[a-z][a-z0-9]{2,31}$/);
      expect(model.title.length).toBeGreaterThan(5);
      expect(model.description.length).toBeGreaterThan(80);
      expect(model.examples.length).toBeGreaterThan(0);
      expect(fields.length).toBeGreaterThan(0);
      expect(fields.filter(({ name }) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
      expect(fields.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
    });

    test('a body that is no request, or has a field too many, is refused', () => {
      const [example] = model.examples;

      const bodies = [{}, null, [], 'text', { ...(example?.params as object), surprise: 1 }];

      expect(bodies.map((body) => model.parameters.safeParse(body).success)).toEqual(bodies.map(() => false));
    });

    describe.each(model.examples)('$title', ({ params }) => {
      test('is valid, and valid again once defaults are filled in', () => {
        const parsed = model.parameters.parse(params);

        expect(model.parameters.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
      });

      test('every field in the wrong shape is refused', () => {
        const names = Object.keys(params as object);

        const accepted = names.filter(
          (name) => model.parameters.safeParse({ ...(params as object), [name]: { wrong: Number.NaN } }).success,
        );

        expect(accepted).toEqual([]);
      });

      test('gives finite numbers that JSON keeps, and well-formed names', () => {
        const output = runModel(model, params);

        expect(unfitFor(output)).toEqual([]);
        expect(JSON.parse(JSON.stringify(output))).toEqual(output);
        for (const { name, columns, rows } of output.tables) {
          expect(name).toMatch(KEBAB);
          expect(rows.filter((row) => row.length !== columns.length)).toEqual([]);
        }
        const files = [
          ...output.tables.map(({ name }) => `${name}.csv`),
          ...output.charts.map(({ name }) => `${name}.svg`),
        ];
        expect(new Set(files).size).toBe(files.length);
        expect(output.charts.filter(({ name, series }) => !KEBAB.test(name) || series.length === 0)).toEqual([]);
        expect(Object.keys(output.metrics).filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
        expect(Object.keys(output.result).filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
      });

      test('gives the same bytes for the same input, also from input and parts that were sent between threads', () => {
        const first = JSON.stringify(runModel(model, params));

        expect(JSON.stringify(runModel(model, params, structuredClone))).toBe(first);
      });
    });
  });
}

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function runModel(model: ModelDefinition, body: unknown, send: <T>(value: T) => T = (value) => value): ModelOutput {
  const params = model.parameters.parse(body);
  const need = model.historyOf(params);
  const input = send({ params, history: need ? madeHistory(need) : null });
  const parts = Array.from({ length: model.parts(input) }, (_, index) => send(model.runPart(input, index)));
  return model.combine(input, parts);
}

/** Paths of numbers that are not finite, and of values that JSON cannot hold. */
function unfitFor(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path}: ${value}`];
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return [];
  if (typeof value !== 'object') return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, each]) => unfitFor(each, `${path}.${key}`));
}

interface Field {
  readonly name: string;
  readonly description: string | undefined;
}

/** The properties of a JSON schema, those of nested objects and of alternatives included. */
function fieldsOf(schema: unknown): Field[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const {
    properties = {},
    anyOf = [],
    allOf = [],
    oneOf = [],
  } = schema as Record<string, Record<string, { description?: string }>>;
  const nested = [anyOf, allOf, oneOf].flatMap((each) => Object.values(each).flatMap(fieldsOf));
  const own = Object.entries(properties).flatMap(([name, field]) => [
    { name, description: field.description },
    ...fieldsOf(field),
  ]);
  return [...own, ...nested];
}
