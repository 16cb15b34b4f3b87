/** Size of every chart, in pixels. */
export const CHART_SIZE = { width: 900, height: 480 } as const;

/** Without quotes, which ECharts would write into a quoted attribute. */
export const FONT = 'system-ui, Helvetica, Arial, sans-serif';
export const INK = '#1b2733';
export const DIM = '#51606f';
export const GRID = '#e3e8ed';
export const PAPER = '#ffffff';

/** Okabe and Ito's colours for all kinds of colour vision (jfly.uni-koeln.de/color), without yellow, which is lost on white. */
const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#4d4d4d'] as const;
const DASHES = ['solid', [7, 4], [2, 3], [10, 3, 2, 3]] as const;
const SYMBOLS = ['circle', 'diamond', 'triangle', 'rect', 'pin'] as const;

/** How the series at `index` is told from the others: by colour, and for prints without colour by dash or by symbol. */
export function lookOf(index: number): { colour: string; dash: 'solid' | number[]; symbol: string } {
  const dash = DASHES[index % DASHES.length] ?? 'solid';
  return {
    colour: PALETTE[index % PALETTE.length] ?? INK,
    dash: typeof dash === 'string' ? dash : [...dash],
    symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
  };
}

/** About how wide a text of the size of labels is, in pixels; there is no font to measure with, and every machine must find the same. */
export function widthOf(text: string): number {
  return Array.from(text).length * 6.8;
}
