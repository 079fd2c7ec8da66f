#include "report/assessment.h"

namespace longhand::report {

std::string_view report_style() {
  return R"(
body { max-width: 58rem; }
.lead { font-size: 1.15rem; line-height: 1.5; margin: 1rem 0 1.5rem; }
.small { font-size: .875rem; }
.tiles { margin-top: 1rem; display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; }
.tile { background: var(--wash); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; break-inside: avoid; font-size: .875rem; }
.big { font-size: 1.7rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
.caution { border: 1px solid var(--line); border-left: .3rem solid var(--warm); border-radius: .35rem; padding: .7rem 1rem; margin: .75rem 0; background: var(--wash); break-inside: avoid; }
.caution.serious { border-left-color: var(--bad); } .caution p, .caution ul { margin: .25rem 0 0; font-size: .9375rem; } .caution ul { padding-left: 1.2rem; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1.75rem 2rem; margin: 1.25rem 0; }
figure { margin: 0; min-width: 0; break-inside: avoid; } figure h3 { margin-bottom: .35rem; }
figcaption { color: var(--soft); font-size: .875rem; line-height: 1.4; margin-top: .35rem; }
.keys { margin: 0 0 .35rem; font-size: .8125rem; line-height: 1.5; } .named { margin-right: .8em; white-space: nowrap; } span.whole { white-space: nowrap; }
table { margin: .5rem 0; } th.num { white-space: normal; vertical-align: bottom; } td.words { min-width: 15rem; } thead th { vertical-align: bottom; } td { vertical-align: top; } h3 + .scroll, .scroll + h3, .figures + h3 { margin-top: .75rem; }
.confusion td, .confusion th { padding: .4rem .7rem; border: 1px solid var(--line); } .confusion td { min-width: 3.2rem; }
.hit { background: color-mix(in srgb, var(--good) var(--a), transparent); } .miss { background: color-mix(in srgb, var(--bad) var(--a), transparent); }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .35rem 1.25rem; margin: .75rem 0; } dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.scroll { background: linear-gradient(to right, var(--paper) 30%, transparent) 0 0 / 2.5rem 100% no-repeat local, linear-gradient(to left, var(--paper) 30%, transparent) 100% 0 / 2.5rem 100% no-repeat local,
  linear-gradient(to right, color-mix(in srgb, var(--ink) 28%, transparent), transparent) 0 0 / .9rem 100% no-repeat scroll, linear-gradient(to left, color-mix(in srgb, var(--ink) 28%, transparent), transparent) 100% 0 / .9rem 100% no-repeat scroll; }
@media (max-width: 32rem) { th, td { padding-right: .6rem; }  table { font-size: .875rem; } td.words { min-width: 8.5rem; } .lead { font-size: 1.05rem; } .big { font-size: 1.4rem; } dl { grid-template-columns: 1fr; gap: .1rem; } dd { margin-bottom: .5rem; } }
@media print { .figures { grid-template-columns: 1fr 1fr; gap: 1rem 1.5rem; } .tiles { grid-template-columns: repeat(3, 1fr); } section > h2 + p, section > h3 + p { break-after: avoid; } thead { display: table-header-group; } tr { break-inside: avoid; } .whole, .figures + h3 { break-inside: avoid; } .scroll { background: none; }
  tbody tr:nth-child(-n+2) { break-after: avoid; } tbody tr:nth-last-child(-n+2) { break-before: avoid; }
  .hit, .miss { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)";
}

}  // namespace longhand::report
