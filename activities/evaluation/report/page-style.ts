/** Readable on a phone, printed, and in the dark. Pictures take their colours from here, too. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --page: #ffffff; --band: #f3f5f7;
  --main: #0b63b5; --good: #14713a; --bad: #b3261e; --link: #0b63b5;
  --s0: #0b63b5; --s1: #c2600a; --s2: #6d4fb3; --s3: #14713a; --s4: #b3261e; --s5: #7a6a10; --s6: #3d7f8c; --s7: #8a8f98; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #a3abb4; --line: #3a424b; --page: #14181d; --band: #1d232a;
    --main: #6cb2f5; --good: #5ec37f; --bad: #f2857d; --link: #6cb2f5;
    --s0: #6cb2f5; --s1: #f0a35a; --s2: #b39df0; --s3: #5ec37f; --s4: #f2857d; --s5: #d6c25a; --s6: #7cc4d1; --s7: #98a0a9; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 66rem; padding: 1.2rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .4rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
p { max-width: 46rem; margin: .6rem 0; }
li { overflow-wrap: anywhere; }
a { color: var(--link); }
.headline { display: flex; flex-wrap: wrap; gap: .6rem; max-width: none; }
.headline .cell { background: var(--band); border-radius: .4rem; padding: .35rem .7rem; }
.headline b { font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.headline small, figcaption, caption { color: var(--soft); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; font-size: .92rem; }
.scroll { overflow-x: auto; margin: .8rem 0 1.2rem; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; font-weight: 600; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { background: var(--band); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 400; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
figure { margin: .8rem 0 1rem; }
figcaption { font-size: .88rem; }
figure { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 26rem; max-width: 40rem; height: auto; font: 13px system-ui, "DejaVu Sans", sans-serif; }
svg text { fill: var(--ink); } svg .soft { fill: var(--soft); } svg .grid { stroke: var(--line); }
@media print { :root { --page: #fff; --ink: #000; } body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } .scroll { overflow: visible; }
  table { font-size: 8pt; } th, td { padding: .15rem .35rem; } * { print-color-adjust: exact; } }
@media (max-width: 40rem) { body { padding: .8rem; } th, td { padding: .25rem .45rem; } }
`;
