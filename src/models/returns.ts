import { unusable } from './missing-data';
import type { AlignedHistory } from './model';
import { meanOf } from './statistics';

/** Observations of several variables, one row for each period. */
export interface Observations {
  readonly rows: number;
  readonly columns: number;
  /** Row after row. */
  readonly data: Float64Array;
}

/** Simple returns from close to close: those of a portfolio are the weighted sum of its parts' (log returns are not). */
export function simpleReturns(history: AlignedHistory): Observations {
  return returnsBy(history, (from, to) => to / from - 1);
}

/** Log returns from close to close. */
export function logReturns(history: AlignedHistory): Observations {
  return returnsBy(history, (from, to) => Math.log(to / from));
}

function returnsBy({ instruments, sessions }: AlignedHistory, by: (from: number, to: number) => number): Observations {
  const [rows, columns] = [sessions.length - 1, instruments.length];
  const data = new Float64Array(rows * columns);
  instruments.forEach(({ close }, column) => {
    for (let row = 0; row < rows; row += 1) {
      data[row * columns + column] = by(close[row] ?? Number.NaN, close[row + 1] ?? Number.NaN);
    }
  });
  return { rows, columns, data };
}

/** Observations of given rows of equal length. */
export function observationsOf(rows: readonly (readonly number[])[]): Observations {
  const columns = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, index) => {
    data.set(row, index * columns);
  });
  return { rows: rows.length, columns, data };
}

/** All observations of one variable. */
export function columnOf({ rows, columns, data }: Observations, column: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) values[row] = data[row * columns + column] ?? Number.NaN;
  return values;
}

/** The mean of each variable. */
export function columnMeans(observations: Observations): number[] {
  return Array.from({ length: observations.columns }, (_, column) => meanOf(columnOf(observations, column)));
}

/** Each variable less its mean. @throws MODEL_INPUT_UNUSABLE unless there are two rows and every value is a number. */
export function centred(observations: Observations): Observations {
  const { rows, columns, data } = observations;
  if (rows < 2) throw unusable(`expected at least 2 returns of each instrument, got ${rows}`);
  const means = new Float64Array(columns);
  for (let place = 0, column = 0; place < data.length; place += 1) {
    means[column] = (means[column] ?? 0) + (data[place] ?? 0) / rows;
    column = column + 1 === columns ? 0 : column + 1;
  }
  if (!means.every(Number.isFinite)) throw unusable('expected every return to be a finite number');
  const moves = new Float64Array(data.length);
  for (let place = 0, column = 0; place < data.length; place += 1) {
    moves[place] = (data[place] ?? 0) - (means[column] ?? 0);
    column = column + 1 === columns ? 0 : column + 1;
  }
  return { rows, columns, data: moves };
}
