import type { Answer } from './answer';
import { pageAllowing } from './content-security';

const STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --dim: #66727f; --line: #e1e6eb; --ground: #fbfcfd; --card: #fff; --up: #0a7f4f; --down: #c0362c; --warn: #b26a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --dim: #8b98a5; --line: #26303a; --ground: #0f151b; --card: #151d25; --up: #3fc98d; --down: #f07a6e; --warn: #e2a336; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.02em; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0 1.5rem; }
a { color: inherit; text-underline-offset: .2em; }
.dim, th, caption { color: var(--dim); }
#state { margin-left: auto; }
#state::before { content: "\\25CF"; margin-right: .4em; color: var(--warn); }
#state.live::before { color: var(--up); }
#state.away::before { color: var(--down); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .55rem .9rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { font-weight: 500; font-size: .85rem; }
tbody tr:last-child > * { border-bottom: 0; }
th:first-child, td:first-child { text-align: left; font-weight: 600; }
.up { color: var(--up); } .down { color: var(--down); } .old { color: var(--warn); }
.away-table { opacity: .45; }
`;

/** Asks for the snapshot each second, one request at a time, and says so when no answer comes. */
const SCRIPT = `
const body = document.querySelector('tbody'), state = document.getElementById('state'), table = document.querySelector('table');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const number = (value, digits) => value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits > 2 ? digits : 6 });
let answeredAt = null, prices = {};
function ageOf(seconds) {
  if (seconds < 60) return Math.max(0, Math.round(seconds)) + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min';
  if (seconds < 172800) return Math.floor(seconds / 3600) + ' h';
  return Math.floor(seconds / 86400) + ' d';
}
function cell(row, text, name) {
  const made = row.insertCell();
  made.textContent = text;
  if (name) made.className = name;
}
function draw() {
  body.replaceChildren();
  for (const symbol of Object.keys(prices).sort()) {
    const price = prices[symbol], row = body.insertRow(), age = (Date.now() - Date.parse(price.timestamp)) / 1000;
    const way = price.change > 0 ? 'up' : price.change < 0 ? 'down' : '';
    const sign = price.change > 0 ? '+' : '';
    cell(row, symbol);
    cell(row, number(price.price, 2) + (price.currency ? ' ' + price.currency : ''));
    cell(row, sign + number(price.change, 2), way);
    cell(row, sign + price.change_percent.toFixed(2) + ' %', way);
    cell(row, price.provider, 'dim');
    cell(row, ageOf(age), age > 300 ? 'old' : 'dim');
  }
  if (!body.rows.length) cell(body.insertRow(), 'No prices yet. POST /prices/poll starts some.', 'dim');
}
function tell(text, name) {
  state.textContent = text;
  state.className = name;
  table.className = name === 'away' ? 'away-table' : '';
}
async function ask() {
  try {
    const answer = await fetch('/tickers', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error('the service answered ' + answer.status);
    prices = await answer.json();
    answeredAt = Date.now();
    tell('connected, asked every second', 'live');
  } catch (error) {
    const since = answeredAt === null ? '' : '; shown as of ' + ageOf((Date.now() - answeredAt) / 1000) + ' ago';
    tell('not connected' + since, 'away');
  }
  draw();
}
(async () => { for (;;) { if (!document.hidden) await ask(); await pause(1000); } })();
`;

const POLICY = pageAllowing({ script: SCRIPT, style: STYLE });

/** The page a browser gets at `/`: where to go, and the newest prices, by polling. It needs nothing from elsewhere. */
export function homePage(version: string, links: Readonly<Record<string, string>>): Answer {
  const anchors = Object.entries(links).map(([name, path]) => `<a href="${escaped(path)}">${escaped(name)}</a>`);
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: { 'Content-Security-Policy': POLICY, Vary: 'Accept' },
    body: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tickwire</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>tickwire</h1><span class="dim">${escaped(version)}</span><span id="state" role="status">connecting</span></header>
<nav>${anchors.join('\n')}</nav>
<div class="scroll">
<table>
<thead><tr><th scope="col">Symbol</th><th scope="col">Price</th><th scope="col">Change</th><th scope="col">%</th><th scope="col">Provider</th><th scope="col">Age of the price</th></tr></thead>
<tbody></tbody>
</table>
</div>
<noscript>This page needs JavaScript; <a href="/tickers">/tickers</a> has the same prices.</noscript>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`,
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
