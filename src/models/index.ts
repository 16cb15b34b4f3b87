import { TickwireError } from '../platform/errors';
import { blackscholes } from './blackscholes/blackscholes';
import { markowitz } from './markowitz/markowitz';
import type { ModelDefinition } from './model';
import { montecarlo } from './montecarlo/montecarlo';
import { realisedVolatility } from './realised-volatility';
import { valueAtRisk } from './value-at-risk';

/** Every model of the product. A new one is a file beside this and a line here. */
export const MODELS: readonly ModelDefinition[] = [
  markowitz,
  blackscholes,
  valueAtRisk,
  realisedVolatility,
  montecarlo,
];

/** @throws MODEL_UNKNOWN when there is none of that name. */
export function findModel(name: string): ModelDefinition {
  const model = MODELS.find((each) => each.name === name);
  if (model) return model;
  const names = MODELS.map((each) => each.name).join(', ');
  throw new TickwireError('MODEL_UNKNOWN', `model: expected one of ${names}, got ${name}`);
}
