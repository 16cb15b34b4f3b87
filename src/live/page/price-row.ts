import { element, setAttribute, setText } from './element';
import type { Row } from './live-state';
import { sparkPoints } from './spark-line';
import { decimalsOf, durationText, numberText, OLD_AFTER_MS, signedText } from './written';

const SPARK = { width: 84, height: 20 };
const SVG = 'http://www.w3.org/2000/svg';

/** One row of the table on the screen. */
export interface PriceRow {
  readonly root: HTMLTableRowElement;
  readonly opener: HTMLButtonElement;
  /** Draws what differs from what was drawn. */
  draw(row: Row): void;
  /** Draws how old the price is now. */
  drawAge(nowMs: number): void;
  select(isSelected: boolean): void;
}

export function openPriceRow(symbol: string, open: (symbol: string) => void): PriceRow {
  const opener = element('button', { type: 'button', class: 'symbol' }, symbol);
  const head = element('th', { scope: 'row', role: 'rowheader', class: 'c-symbol' }, opener);
  const cells = Object.fromEntries(
    ['price', 'change', 'percent', 'average', 'trend', 'source', 'age'].map((name) => [name, cell(name)]),
  ) as Record<'price' | 'change' | 'percent' | 'average' | 'trend' | 'source' | 'age', HTMLTableCellElement>;
  const line = sparkIn(cells.trend);
  const root = element('tr', { role: 'row' }, head, ...Object.values(cells));
  root.addEventListener('click', () => open(symbol));
  let drawn: Row | undefined;
  let decimals = 2;
  let beat = false;

  const drawPrice = (row: Row) => {
    decimals = Math.max(decimals, decimalsOf(row.price));
    setText(cells.price, numberText(row.price, decimals));
    cells.price.title = row.currency ? `${row.price} ${row.currency}` : String(row.price);
    setText(cells.change, signedText(row.change, decimals));
    setText(cells.percent, `${signedText(row.changePercent, 2)} %`);
    const way = row.change > 0 ? 'up' : row.change < 0 ? 'down' : 'flat';
    for (const changing of [cells.change, cells.percent]) setAttribute(changing, 'data-way', way);
    if (!drawn || drawn.price === row.price) return;
    // Two names of one animation, so that it starts anew without a layout in between.
    beat = !beat;
    cells.price.dataset.moved = `${row.moved > 0 ? 'up' : 'down'}-${beat ? 'a' : 'b'}`;
  };
  return {
    root,
    opener,
    draw: (row) => {
      if (row === drawn) return;
      drawPrice(row);
      setText(cells.average, row.average ? numberText(row.average.average, decimals) : '\u2013');
      setText(cells.source, row.provider);
      if (row.trend !== drawn?.trend) line.setAttribute('points', sparkPoints(row.trend, SPARK));
      drawn = row;
    },
    drawAge: (nowMs) => {
      if (!drawn) return;
      const ageMs = nowMs - drawn.observedAtMs;
      const isOld = ageMs > OLD_AFTER_MS;
      setText(cells.age, isOld ? `${durationText(ageMs)} old` : durationText(ageMs));
      setAttribute(root, 'data-old', isOld ? 'true' : undefined);
    },
    select: (isSelected) => setAttribute(opener, 'aria-current', isSelected ? 'true' : undefined),
  };
}

function cell(name: string): HTMLTableCellElement {
  return element('td', { class: `c-${name}`, role: 'cell' });
}

/** The trend is a picture of prices the table tells in numbers, so it is hidden from those who listen. */
function sparkIn(parent: HTMLElement): SVGPolylineElement {
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', `-1 -2 ${SPARK.width + 2} ${SPARK.height + 4}`);
  picture.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'polyline');
  picture.append(line);
  parent.append(picture);
  return line;
}
