/**
 * The style sheet. Its hash stands in the page's content policy, so there are no style attributes anywhere.
 * The five place colours (`--origin` …) are used for places alone; everything else is ink on paper.
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d5dae0;--well:#f4f6f8;--bar:#4b5563;--traffic:#d3d9e0;
--origin:#b3261e;--tunnel:#0b5cad;--edge:#9a5b00;--network:#7b3fa0;--none:#1a7f4b;--unknown:#57606a}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e8ebee;--soft:#a3adb8;--line:#363d46;--well:#1d232a;--bar:#b5bec8;--traffic:#3b444e;
--origin:#ff8a75;--tunnel:#74b3ff;--edge:#f2b04c;--network:#cf9bf0;--none:#6fce9b;--unknown:#a3adb8}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main,header.top,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header.top{padding-top:1.5rem}
h1{font-size:1.75rem;line-height:1.25;margin:.75rem 0 .5rem;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .75rem}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
h4{font-size:.95rem;margin:1rem 0 .25rem}
p,ul,ol,dl{margin:.5rem 0}
ul,ol{padding-left:1.4rem}
li{margin:.25rem 0}
a{color:inherit}
a:focus-visible,summary:focus-visible{outline:3px solid var(--tunnel);outline-offset:2px}
.soft,.meta,caption,figcaption{color:var(--soft);font-size:.875rem}
.prose{max-width:46rem}
code,pre,.file{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem}
pre{margin:.35rem 0 .75rem;padding:.6rem .8rem;background:var(--well);border:1px solid var(--line);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere}
.file{color:var(--soft);display:block}
.verdict{border-left:6px solid var(--unknown);padding:.1rem 0 .1rem 1.1rem;margin:1rem 0 1.5rem}
.verdict .sum{font-size:1.1rem;max-width:46rem}
.p-origin{border-color:var(--origin)}.p-tunnel{border-color:var(--tunnel)}.p-edge{border-color:var(--edge)}
.p-network{border-color:var(--network)}.p-none{border-color:var(--none)}.p-unknown{border-color:var(--unknown)}
.place{font-weight:700;white-space:nowrap}
.place::before{content:"";display:inline-block;width:.65em;height:.65em;margin-right:.4em;background:currentColor;border-radius:2px}
.t-origin{color:var(--origin)}.t-tunnel{color:var(--tunnel)}.t-edge{color:var(--edge)}.t-network{color:var(--network)}.t-none{color:var(--none)}.t-unknown{color:var(--unknown)}
ol.path{list-style:none;margin:1.25rem 0;padding:0;display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:.5rem}
ol.path li{margin:0;padding:.5rem .1rem 0 0;border-top:4px solid var(--line)}
ol.path li>*{display:block}
ol.path .name{font-weight:650}
ol.path .name::after{content:" →";color:var(--soft);font-weight:400}
ol.path li:last-child .name::after,ol.path li.inner .name::after{content:""}
ol.path .note{font-size:.8125rem;color:var(--soft)}
ol.path .mark{font-weight:700;font-size:.875rem}
ol.path .here{border-top-width:8px;padding-top:calc(.5rem - 4px)}
ol.path .within{border-top-style:dashed}
ol.path .b-origin{border-top-color:var(--origin)}ol.path .b-tunnel{border-top-color:var(--tunnel)}ol.path .b-edge{border-top-color:var(--edge)}ol.path .b-network{border-top-color:var(--network)}
dl.numbers{display:grid;grid-template-columns:repeat(5,1fr);gap:1rem;margin:1.5rem 0}
dl.numbers dt{font-size:.8125rem;color:var(--soft)}
dl.numbers dd{margin:0}
dl.numbers .big{font-size:1.45rem;font-weight:700;font-variant-numeric:tabular-nums;line-height:1.25;display:block}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.9375rem}
caption{text-align:left;padding-bottom:.35rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
thead th{overflow-wrap:normal;font-size:.8125rem;color:var(--soft);font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.w{min-width:9rem}
td.w svg{vertical-align:middle;margin-right:.5rem}
tr.total td,tr.total th{font-weight:700;border-top:2px solid var(--ink);border-bottom:0}
article.burst{border-top:2px solid var(--ink);margin-top:3rem}
article.burst>h2{margin-top:1.25rem}
.box{border-left:4px solid var(--line);padding:.1rem 0 .1rem 1rem;margin:1rem 0}
.box>h3{margin-top:.25rem}
.box.do{border-left-color:var(--ink)}
.box.not{border-left-style:double;border-left-width:6px}
.box ol>li{margin-bottom:.75rem}
.scopes{display:grid;grid-template-columns:repeat(auto-fill,minmax(15.5rem,1fr));gap:0 2rem;align-items:start}
.scopes table{font-size:.875rem}
figure{margin:1rem 0}
svg{display:block;max-width:100%}
svg.inline{display:inline-block}
svg text{font:11px system-ui,"DejaVu Sans",sans-serif;fill:var(--soft)}
svg .label{font-weight:700;font-size:12px}
svg .label.t-origin{fill:var(--origin)}svg .label.t-tunnel{fill:var(--tunnel)}svg .label.t-edge{fill:var(--edge)}svg .label.t-network{fill:var(--network)}svg .label.t-none{fill:var(--none)}svg .label.t-unknown{fill:var(--unknown)}
svg .fail{fill:var(--ink)}svg .ok{fill:var(--traffic)}svg .bar{fill:var(--bar)}svg .against{fill:none;stroke:var(--bar)}
svg rect{shape-rendering:crispEdges}
svg .axis{stroke:var(--line)}
svg .band{opacity:.16}svg .edge-line{opacity:.7}
svg .f-origin{fill:var(--origin)}svg .f-tunnel{fill:var(--tunnel)}svg .f-edge{fill:var(--edge)}svg .f-network{fill:var(--network)}svg .f-none{fill:var(--none)}svg .f-unknown{fill:var(--unknown)}
.key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 .9em;vertical-align:-.05em}
.key:first-child{margin-left:0}.key.fail{background:var(--ink)}.key.ok{background:var(--traffic)}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--soft);padding:.15rem 0}
ol.ladder{list-style:none;margin:.5rem 0 1.25rem;padding:0}
ol.ladder li{margin:0;padding:0 0 .8rem 1.1rem;border-left:3px solid var(--line);position:relative}
ol.ladder li:last-child{border-left-color:transparent}
ol.ladder li::before{content:"";position:absolute;left:-.5rem;top:.35rem;width:.7rem;height:.7rem;border-radius:50%;background:var(--bar);border:2px solid var(--paper)}
.t{font-variant-numeric:tabular-nums;white-space:nowrap}
footer{padding-top:1rem;padding-bottom:3rem}
:target{scroll-margin-top:1rem;outline:2px solid var(--soft);outline-offset:4px}
@media (max-width:44rem){
main,header.top,footer{padding-left:.9rem;padding-right:.9rem}
h1{font-size:1.4rem}
ol.path{display:block}
ol.path li,ol.path li.here{border-top:0;border-left:4px solid var(--line);padding:.3rem 0 .3rem .8rem}
ol.path li.here{border-left-width:8px;padding-left:.55rem}
ol.path li.within{border-left-style:dashed}
ol.path .b-origin{border-left-color:var(--origin)!important}ol.path .b-tunnel{border-left-color:var(--tunnel)!important}ol.path .b-edge{border-left-color:var(--edge)!important}ol.path .b-network{border-left-color:var(--network)!important}
ol.path .name,ol.path .note{display:inline}
ol.path .name::after{content:""}
ol.path .note::before{content:" "}
dl.numbers{grid-template-columns:1fr 1fr}
table.stack,table.stack caption,table.stack tbody,table.stack tr,table.stack td,table.stack th{display:block}
table.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.stack tr{border-bottom:1px solid var(--line);padding:.5rem 0}
table.stack td,table.stack th{border:0;padding:.05rem 0;text-align:left;white-space:normal}
table.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--soft);font-size:.8125rem}
table.stack td:empty{display:none}
}
@media print{
:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--well:#f6f6f6;--bar:#444;--traffic:#ccc;--origin:#b3261e;--tunnel:#0b5cad;--edge:#9a5b00;--network:#7b3fa0;--none:#1a7f4b;--unknown:#555}
body{font-size:10pt}
main,header.top,footer{max-width:none;padding-left:0;padding-right:0}
h1,h2,h3,h4,caption{break-after:avoid}
tr,pre,figure,ol.ladder li,.box li{break-inside:avoid}
article.burst{margin-top:1.5rem}
.band,.key,.place::before,svg *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details:not([open])>summary::after{content:" (folded; open it before printing)"}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
