/**
 * The report's look: light or dark as the reader's system is, charts always on white paper, and A4 in print, where no chart or row is cut and no colour is
 * lost.
 */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b2733; --dim: #51606f; --line: #dfe5ea; --ground: #f5f7f9; --card: #fff; --warn: #8a4b00; --warn-ground: #fff5e0; --warn-line: #e69f00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --dim: #9aa7b4; --line: #2b3641; --ground: #0f151b; --card: #161e26; --warn: #ffd590; --warn-ground: #2c2210; --warn-line: #e69f00; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, Helvetica, Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { margin: 2.25rem 0 .6rem; font-size: 1.1rem; }
h3 { margin: 1.5rem 0 .4rem; font-size: 1rem; }
code { font: .92em ui-monospace, Menlo, Consolas, monospace; }
.about { margin: .35rem 0 0; color: var(--dim); overflow-wrap: anywhere; }
.warnings { margin-top: 1.5rem; padding: .8rem 1.1rem; background: var(--warn-ground); color: var(--warn); border: 1px solid var(--warn-line); border-left-width: 6px; border-radius: .4rem; overflow-wrap: anywhere; }
.warnings h2 { margin: 0; font-size: 1rem; }
.warnings ul { margin: .3rem 0 0; padding-left: 1.2rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 0 1.5rem; align-items: start; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .93rem; }
th, td { padding: .38rem .8rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; }
thead th { color: var(--dim); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; color: var(--dim); overflow-wrap: anywhere; }
.pair td { min-width: 6.5rem; }
tbody tr:last-child > * { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.note { margin: .4rem 0 0; color: var(--dim); font-size: .9rem; }
figure { margin: 0 0 1.25rem; background: #fff; border: 1px solid var(--line); border-radius: .4rem; overflow: hidden; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .9rem; }
@page { size: A4; margin: 14mm 13mm; }
@media print {
  :root { color-scheme: light; --ink: #000; --dim: #404a54; --line: #c9d0d7; --ground: #fff; --card: #fff; --warn: #5c3200; --warn-ground: #fff5e0; --warn-line: #e69f00; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 9.5pt; }
  h1 { font-size: 17pt; }
  main { max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  .pair { grid-template-columns: 1fr 1fr; }
  h2, h3 { break-after: avoid; }
  figure, tr, .warnings li { break-inside: avoid; }
  thead { display: table-header-group; }
  th, td { padding: .22rem .5rem; }
}
`;
