import { now } from './api';
import { found, setAttribute, setText } from './element';
import type { LiveState, Row } from './live-state';
import { openPriceRow, type PriceRow } from './price-row';
import { orderedRows, type RowOrder, type SortKey } from './row-order';

/** Rows beyond this are reached by the filter: a screen shows no more at once, and each costs. */
const MAX_ROWS = 500;

export interface PriceTable {
  draw(state: LiveState): void;
  /** Marks the symbol whose details are shown. */
  select(symbol: string): void;
}

/** The table of prices: sorted by its headings, filtered by the field above it, drawn row by row where a row changed. `open` is told the chosen symbol. */
export function openPriceTable(open: (symbol: string) => void): PriceTable {
  const body = found('price-rows', HTMLTableSectionElement);
  const filter = found('price-filter', HTMLInputElement);
  const shown = new Map<string, PriceRow>();
  let order: RowOrder = { key: 'symbol', isDescending: false };
  let state: LiveState | undefined;
  let selected: string | undefined;

  const rowOf = (symbol: string) => {
    const made = openPriceRow(symbol, open);
    made.select(symbol === selected);
    shown.set(symbol, made);
    return made;
  };
  const arrange = () => {
    if (!state) return;
    const rows = orderedRows(state.rows.values(), order, filter.value);
    const visible = rows.slice(0, MAX_ROWS);
    dropOthers(shown, new Set(visible.map(({ symbol }) => symbol)));
    visible.forEach((row, place) => {
      const drawn = shown.get(row.symbol) ?? rowOf(row.symbol);
      drawn.draw(row);
      drawn.drawAge(now());
      if (body.children[place] !== drawn.root) body.insertBefore(drawn.root, body.children[place] ?? null);
    });
    tellCounts(rows.length, state.rows.size);
  };
  /** A sorted row that moves away under a finger or the keyboard would be the wrong one to open. */
  const isHeld = () => body.contains(document.activeElement) || body.matches(':hover');

  filter.addEventListener('input', arrange);
  for (const heading of document.querySelectorAll<HTMLElement>('#price-table [data-sort]')) {
    heading.querySelector('button')?.addEventListener('click', () => {
      const key = heading.dataset.sort as SortKey;
      order = { key, isDescending: order.key === key ? !order.isDescending : key === 'changePercent' };
      showOrder(order);
      arrange();
    });
  }
  body.addEventListener('keydown', (event) => moveFocus(event, body));
  setInterval(() => {
    if (order.key !== 'symbol' && !isHeld()) arrange();
    for (const row of shown.values()) row.drawAge(now());
  }, 1_000);

  return {
    draw: (next) => {
      const before = state;
      state = next;
      if (!before || !sameSymbols(before.rows, next.rows)) arrange();
      else drawChanged(shown, before, next);
    },
    select: (symbol) => {
      if (selected !== undefined) shown.get(selected)?.select(false);
      selected = symbol;
      shown.get(symbol)?.select(true);
    },
  };
}

function drawChanged(shown: ReadonlyMap<string, PriceRow>, before: LiveState, next: LiveState): void {
  for (const [symbol, drawn] of shown) {
    const row = next.rows.get(symbol);
    if (!row || row === before.rows.get(symbol)) continue;
    drawn.draw(row);
    drawn.drawAge(now());
  }
}

function sameSymbols(before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): boolean {
  return before === after || (before.size === after.size && [...after.keys()].every((symbol) => before.has(symbol)));
}

function dropOthers(shown: Map<string, PriceRow>, wanted: ReadonlySet<string>): void {
  for (const [symbol, row] of shown) {
    if (wanted.has(symbol)) continue;
    row.root.remove();
    shown.delete(symbol);
  }
}

function tellCounts(matching: number, all: number): void {
  const count = found('price-count', HTMLElement);
  const visible = Math.min(matching, MAX_ROWS);
  setText(count, visible < all ? `${visible} of ${all}` : String(all));
  found('price-empty', HTMLElement).hidden = all > 0;
}

function showOrder({ key, isDescending }: RowOrder): void {
  for (const heading of document.querySelectorAll<HTMLElement>('#price-table [data-sort]')) {
    const isKey = heading.dataset.sort === key;
    setAttribute(heading, 'aria-sort', isKey ? (isDescending ? 'descending' : 'ascending') : undefined);
  }
}

/** Up, Down, Home and End move among the symbols. */
function moveFocus(event: KeyboardEvent, body: HTMLElement): void {
  const buttons = [...body.querySelectorAll<HTMLButtonElement>('button.symbol')];
  const place = buttons.findIndex((one) => one.matches(':focus'));
  const places: Readonly<Record<string, number>> = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const next = place < 0 ? undefined : buttons[places[event.key] ?? -1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
