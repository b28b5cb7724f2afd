"""How the report looks, on paper-like light and on dark screens."""

STYLE = """
:root{--ink:#1d2327;--dim:#6b7680;--paper:#fbfaf7;--card:#fff;--line:#e4e0d8;--red:180,52,40;--blue:#1f5a7a}
@media(prefers-color-scheme:dark){:root{--ink:#e6e4df;--dim:#97a0a8;--paper:#15181b;--card:#1d2125;--line:#31373d;
--red:232,104,84;--blue:#8cc4e0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.55 "Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
header,main{max-width:1120px;margin:auto;padding:0 24px}
header{padding-top:40px}
h1{margin:.1em 0;font-size:30px;font-weight:650}
h2{margin:0 0 12px;font-size:19px}
h2 small,.dim{color:var(--dim);font-weight:400}
.mark{margin:0;color:rgb(var(--red));letter-spacing:.12em;font-weight:650}
section{margin:26px 0;padding:20px 22px;background:var(--card);border:1px solid var(--line);border-radius:10px}
section.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:8px 20px}
.tiles b{display:block;font-size:25px;font-variant-numeric:tabular-nums}
.tiles span{color:var(--dim)}
a{color:var(--blue);text-decoration-thickness:1px;text-underline-offset:2px;overflow-wrap:anywhere}
q{quotes:"“" "”"}
details{margin:6px 0}
summary{cursor:pointer}
.pair ul{margin:4px 0 10px;padding-left:22px}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.list td,.list th{padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
.list th{color:var(--dim);font-weight:400}
.matrix th{padding:3px 10px 3px 0;font-weight:400;text-align:left;white-space:nowrap}
.matrix tr:first-child th{color:var(--dim);text-align:center;padding:3px 8px;white-space:normal;max-width:130px}
.matrix td{min-width:96px;height:26px;text-align:center;border:2px solid var(--card);border-radius:5px;
background:rgba(128,128,128,.09)}
.matrix .ever{color:var(--dim)}
.matrix .mark1{background:rgba(var(--red),.28)}
.matrix .mark2{background:rgba(var(--red),.48)}
.matrix .mark3{background:rgba(var(--red),.7)}
.matrix .mark4{background:rgb(var(--red));color:#fff}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:20px}
figure{margin:0}
svg{width:100%;height:auto}
svg text{font-size:13px;fill:var(--ink);text-anchor:middle;dominant-baseline:middle}
svg .row{text-anchor:end}
svg .col{text-anchor:start}
svg .none,svg .self{fill:rgba(128,128,128,.09)}
svg .self{fill:none}
svg .some{fill:rgb(var(--red))}
svg .count{font-size:11px;pointer-events:none}
svg .on-dark{fill:#fff}
svg .link{fill:none;stroke:rgb(var(--red));stroke-opacity:.42;stroke-linecap:round}
svg .city{fill:var(--blue)}
"""
