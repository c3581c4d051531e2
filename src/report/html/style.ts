/**
 * The style sheet. Its hash stands in the page's content policy, so there are no style attributes anywhere.
 * The place colours (`--origin` …) are used for places alone; everything else is ink on paper.
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d8dde3;--well:#f5f7f9;--bar:#4b5563;--traffic:#cfd6dd;
--origin:#b3261e;--tunnel:#0b5cad;--edge:#9a5b00;--network:#7b3fa0;--none:#1a7f4b;--unknown:#57606a}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e8ebee;--soft:#a3adb8;--line:#363d46;--well:#1c2128;--bar:#b5bec8;--traffic:#465059;
--origin:#ff8a75;--tunnel:#74b3ff;--edge:#f2b04c;--network:#cf9bf0;--none:#6fce9b;--unknown:#a3adb8}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main,header.top,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header.top{padding-top:1.25rem}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.015em;margin:.25rem 0 .6rem;max-width:44rem;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.3;letter-spacing:-.005em;margin:3rem 0 .6rem}
h3{font-size:1.0625rem;line-height:1.4;margin:2rem 0 .5rem}
h4{font-size:.9375rem;margin:1.1rem 0 .25rem}
p,ul,ol,dl{margin:.5rem 0}
ul,ol{padding-left:1.4rem}
li{margin:.3rem 0}
a{color:inherit;text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
.soft,.meta,caption,figcaption{color:var(--soft);font-size:.875rem}
.prose{max-width:46rem}
code,pre,.file{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem}
pre{margin:.3rem 0 .75rem;padding:.55rem .8rem;background:var(--well);border:1px solid var(--line);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere}
.file{color:var(--soft);display:block;font-weight:400}
.file+pre{margin-top:.15rem}
.brand{color:var(--ink)}
.verdict{border-left:8px solid var(--unknown);padding:.15rem 0 .15rem 1.25rem;margin:1.25rem 0 1.75rem}
.verdict .sum{font-size:1.125rem;max-width:46rem}
.verdict .first{max-width:46rem}
.verdict .also{margin-bottom:0}
.verdict ul{margin-top:.15rem}
.p-origin{border-color:var(--origin)}.p-tunnel{border-color:var(--tunnel)}.p-edge{border-color:var(--edge)}
.p-network{border-color:var(--network)}.p-none{border-color:var(--none)}.p-unknown{border-color:var(--unknown)}
.place{font-weight:700;white-space:nowrap}
.place::before{content:"";display:inline-block;width:.65em;height:.65em;margin-right:.4em;background:currentColor;border-radius:2px}
.t-origin{color:var(--origin)}.t-tunnel{color:var(--tunnel)}.t-edge{color:var(--edge)}.t-network{color:var(--network)}.t-none{color:var(--none)}.t-unknown{color:var(--unknown)}
ol.path{list-style:none;margin:1rem 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(7rem,1fr));gap:.75rem 1rem}
ol.path li{position:relative;margin:0;padding:.45rem .5rem .5rem;border:1px solid var(--line);border-top:5px solid var(--bar);border-radius:4px;line-height:1.35}
ol.path li>*{display:block}
ol.path .name{font-weight:650;font-size:.9375rem}
ol.path .name::after{content:"→";position:absolute;right:-1.05rem;top:.4rem;color:var(--soft);font-weight:400}
ol.path li:last-child .name::after,ol.path li.inner .name::after{content:""}
ol.path .note{font-size:.8125rem;color:var(--soft);margin-top:.1rem}
ol.path .mark{font-weight:700;font-size:.8125rem;margin-top:.25rem}
ol.path .silent{border-style:dashed;border-top-color:var(--line)}
ol.path .silent .name{font-weight:400}
ol.path .here{border-width:2px;border-top-width:9px;background:var(--well)}
ol.path .within{border-top-style:dashed}
ol.path .b-origin{border-color:var(--origin)}ol.path .b-tunnel{border-color:var(--tunnel)}ol.path .b-edge{border-color:var(--edge)}ol.path .b-network{border-color:var(--network)}
dl.numbers{display:grid;grid-template-columns:repeat(5,1fr);gap:1rem;margin:1.75rem 0 0}
dl.numbers dt{font-size:.8125rem;color:var(--soft)}
dl.numbers dd{margin:0;line-height:1.35}
dl.numbers .big{font-size:1.6rem;font-weight:700;letter-spacing:-.01em;font-variant-numeric:tabular-nums;line-height:1.3;display:block}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.9375rem}
caption{text-align:left;padding-bottom:.35rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line)}
tr>:last-child{padding-right:0}
thead th{overflow-wrap:normal;font-size:.8125rem;color:var(--soft);font-weight:600;vertical-align:bottom}
tbody th{font-weight:650}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.t{font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto}
table.nums{font-size:.8125rem;font-variant-numeric:tabular-nums}
table.nums td,table.nums thead th{text-align:right;padding-top:.2rem;padding-bottom:.2rem}
table.nums tbody th,table.nums thead th:first-child{text-align:left;white-space:nowrap;font-weight:400}
td.w{width:10rem;white-space:nowrap}
td.w svg{vertical-align:middle;margin-right:.5rem;color:var(--bar)}
tr.total td,tr.total th{font-weight:700;border-top:2px solid var(--ink);border-bottom:0}
article.burst{border-top:3px solid var(--ink);margin-top:3.5rem}
article.burst>h2{margin-top:1.25rem;font-size:1.5rem}
.fix{margin:1.25rem 0}
.fix section>h3{margin-top:0}
.fix .do,.fix .not{background:var(--well);border:1px solid var(--line);border-radius:4px;padding:1rem 1.15rem}
.fix .do{border-left:5px solid var(--ink)}
.fix .not{border-left:5px double var(--ink)}
.fix pre{background:var(--paper)}
.fix.two{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,3fr);gap:1rem;align-items:start}
.fix .not{font-size:.9375rem}
.do ol>li{margin-bottom:.85rem}
.box{border-left:4px solid var(--line);padding:.1rem 0 .1rem 1rem;margin:1.75rem 0}
.box>h3{margin-top:.25rem}
.scopes{columns:15.5rem 3;column-gap:2.5rem}
.scopes table{font-size:.875rem;break-inside:avoid;margin:0 0 1.25rem}
.scopes caption{font-weight:650;color:var(--ink)}
.scopes svg{margin-top:.25rem}
figure{margin:1rem 0}
.row{display:grid;grid-template-columns:13.5rem minmax(0,1fr);gap:0 1.25rem;align-items:center}
.row .cap{font-size:.8125rem;line-height:1.35}
.row .cap .soft{font-size:.75rem}
.row .plot{min-width:0}
.rows{margin-bottom:1.25rem}
.heat .row .cap{text-align:right;color:var(--soft);font-size:.75rem;line-height:1;white-space:nowrap}
svg{display:block;max-width:100%;color:var(--ink)}
svg.inline{display:inline-block}
svg text{font:11px system-ui,"DejaVu Sans",sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}
svg .tick{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
svg .there{fill:var(--soft);font-style:italic}
svg .label,svg .number{font-size:12px;font-weight:700;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
svg .label.t-origin{fill:var(--origin)}svg .label.t-tunnel{fill:var(--tunnel)}svg .label.t-edge{fill:var(--edge)}svg .label.t-network{fill:var(--network)}svg .label.t-none{fill:var(--none)}svg .label.t-unknown{fill:var(--unknown)}
svg .marks{fill:var(--ink)}svg .traffic{fill:var(--traffic);fill-opacity:1}svg .bar{fill:var(--bar)}
svg rect,svg path{shape-rendering:crispEdges}
svg .event{stroke:var(--soft)}
svg .f-origin{fill:var(--origin)}svg .f-tunnel{fill:var(--tunnel)}svg .f-edge{fill:var(--edge)}svg .f-network{fill:var(--network)}svg .f-none{fill:var(--none)}svg .f-unknown{fill:var(--unknown)}
.key{display:inline-block;width:.8em;height:.8em;margin-right:.4em;vertical-align:-.05em}
.key.marks{background:var(--ink)}.key.traffic{background:var(--traffic)}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--soft);padding:.2rem 0;font-size:.9375rem}
table.sources tbody th{width:44%;font-weight:400}table.sources code{font-weight:650}.file.sum{font-size:.6875rem}
table.ladder tbody th{white-space:nowrap}table.ladder svg{margin:.3rem 0}table.ladder code{font-size:.75rem}
ul.files{list-style:none;padding:0}
footer{padding-top:1rem;padding-bottom:3rem}
:target{scroll-margin-top:1rem;outline:2px solid var(--soft);outline-offset:4px}
@media screen and (max-width:58rem){.fix.two{display:block}.fix.two .not{margin-top:.75rem}}
@media screen and (max-width:44rem){
main,header.top,footer{padding-left:1rem;padding-right:1rem}
h1{font-size:1.55rem}
h2,article.burst>h2{font-size:1.25rem}
.verdict{padding-left:.9rem;border-left-width:6px}
.verdict .sum{font-size:1.0625rem}
ol.path{display:block}
ol.path li{border-width:0 0 0 5px;border-radius:0;padding:.3rem 0 .3rem .8rem;margin:0 0 .25rem}
ol.path li.silent{border-left-style:dashed}
ol.path li.here{border-width:0 0 0 9px;padding-left:.55rem}
ol.path .name,ol.path .note{display:inline}
ol.path .name::after{content:""}
ol.path .note::before{content:" "}
dl.numbers{grid-template-columns:1fr 1fr}
.row{grid-template-columns:minmax(0,1fr)}
.row .cap{padding-top:.5rem}
.row .cap br{display:none}
.row .cap .soft::before{content:" "}
.heat .row{grid-template-columns:5.5rem minmax(0,1fr);gap:0 .6rem}
.heat .row .cap{padding-top:0;white-space:normal}
table.stack,table.stack caption,table.stack tbody,table.stack tr,table.stack td,table.stack th{display:block}
table.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.stack tr{border-bottom:1px solid var(--line);padding:.5rem 0}
table.stack td,table.stack th{border:0;padding:.05rem 0;text-align:left;white-space:normal}
table.stack td.w,table.sources tbody th{width:auto}
table.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--soft);font-size:.8125rem;font-weight:400}
table.stack td:empty{display:none}
}
@page{margin:13mm}
@media print{
:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--well:#fff;--bar:#444;--traffic:#ccc;--origin:#b3261e;--tunnel:#0b5cad;--edge:#9a5b00;--network:#7b3fa0;--none:#1a7f4b;--unknown:#555}
body{font-size:9.5pt;line-height:1.4}
main,header.top,footer{max-width:none;padding-left:0;padding-right:0}
header.top{padding-top:0}
footer{padding-bottom:0}
p,ul,ol{margin:.3rem 0}
h1{font-size:18pt}h2{font-size:13pt;margin:1.1rem 0 .35rem}h3{font-size:10.5pt;margin:1rem 0 .3rem}h4{font-size:9.5pt;margin:.6rem 0 .1rem}article.burst>h2{font-size:14pt;margin-top:.6rem}
.soft,.meta,caption,.row .cap,summary,.fix .not{font-size:8.5pt}
.row .cap .soft,.heat .row .cap{font-size:7.5pt}
.verdict{margin:.6rem 0}
.verdict .sum{font-size:11pt}
code,pre,.file{font-size:7.5pt}
.file.sum{font-size:6.5pt}
pre{padding:.3rem .5rem;margin:.15rem 0 .4rem}
table{font-size:8.5pt;margin:.3rem 0 .6rem}
thead th{font-size:7.5pt}
th,td{padding:.2rem .6rem .2rem 0}
table.nums{font-size:7pt}
table.nums td,table.nums tbody th{padding-top:.05rem;padding-bottom:.05rem;border-bottom:0}
.wide{overflow:visible}
h1,h2,h3,h4,caption,summary,.file:has(+pre),h2+.soft,h3+.soft,article.burst>.meta{break-after:avoid}
thead{break-inside:avoid;break-after:avoid}
tr,figure.rows,.do li,.box li,.file+pre,dl.numbers,ol.path,.verdict,footer{break-inside:avoid}
figure{margin:.4rem 0}
.row:first-child{break-after:avoid}
ol.path{grid-template-columns:repeat(auto-fit,minmax(4.4rem,1fr));gap:.35rem .8rem;margin:.3rem 0}
ol.path li{padding:.25rem .35rem}
ol.path .name::after{right:-.8rem;top:.2rem}
ol.path .name,ol.path .mark,ol.path .note{font-size:7.5pt}
dl.numbers{margin:.8rem 0 0}
dl.numbers .big{font-size:14pt}
dl.numbers dt,dl.numbers .soft{font-size:7.5pt}
.row{grid-template-columns:10.5rem minmax(0,1fr);gap:0 .75rem}
.fix{margin:.7rem 0}
.fix.two{grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:.6rem}
.fix .do,.fix .not{padding:.5rem .7rem}
.scopes{columns:3;column-gap:1.5rem}
.scopes table{font-size:8pt;margin-bottom:.6rem}
article.burst{margin-top:1.4rem}
.place::before,.key,.verdict,ol.path li,svg,svg *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details{margin:.3rem 0}
details::details-content{content-visibility:visible;block-size:auto}
summary{list-style:none;font-weight:600}
summary::-webkit-details-marker{display:none}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
