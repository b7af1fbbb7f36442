/** The looks of a hosted form; a form's theme changes the custom properties at its top. The widget hides the form that it upgrades, and brings a title and a box of its own. */
export const formPageStyles = `
:root { color-scheme: light dark; --page: light-dark(#f6f8fa, #0e1219); --surface: light-dark(#fff, #161b24); --text: light-dark(#161b24, #edf0f4);
  --quiet: light-dark(#556072, #98a3b3); --line: light-dark(#dde2e9, #2b3442); --edge: #727e90; --brand: light-dark(#0f6cad, #82c3f2); --on-brand: light-dark(#fff, #0e1219);
  --mark: var(--brand); --bad: light-dark(#a8261b, #ffa9a1); --bad-soft: light-dark(#fde6e4, #431815); --good: light-dark(#12693a, #86dba8);
  --radius: .5rem; --gap: 1.25rem; --control: 2.75rem; --font: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif }
*, ::before, ::after { box-sizing: border-box }
html { background: var(--page); color: var(--text); font: 100%/1.5 var(--font); text-size-adjust: none; -webkit-text-size-adjust: none }
body { margin: 0; padding: clamp(0rem, 4vw, 3rem) clamp(0rem, 3vw, 1.5rem) }
main { max-inline-size: 38rem; margin-inline: auto; padding: clamp(1.25rem, 5vw, 2.5rem); background: var(--surface); border: 1px solid var(--line); border-radius: calc(var(--radius) * 1.5); overflow-wrap: anywhere }
h1, h2, h3, p, ul { margin: 0 }
h1 { font-size: 1.625rem; font-weight: 650; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; margin-block-end: 1.5rem }
h2 { font-size: 1.125rem; font-weight: 650 }
h3 { font-size: 1rem; font-weight: 650 }
small { color: var(--quiet); font-size: .8125rem; font-weight: 400 }
fieldset { border: 0; margin: 0; padding: 0; min-inline-size: 0 }
legend { padding: 0 }
.step { display: grid; gap: var(--gap); grid-template-columns: repeat(2, minmax(0, 1fr)) }
.step + .step { margin-block-start: calc(var(--gap) * 1.5); padding-block-start: calc(var(--gap) * 1.25); border-block-start: 1px solid var(--line) }
.step > legend { float: inline-start; grid-column: 1 / -1 }
.field, .heading { grid-column: 1 / -1 }
.field > label, .field > legend { display: block; font-weight: 550; font-size: .9375rem; margin-block-end: .375rem }
.help { color: var(--quiet); font-size: .875rem; margin-block-end: .375rem }
.problem { color: var(--bad); font-size: .875rem; font-weight: 550; margin-block-end: .375rem }
.required { color: var(--bad); margin-inline-start: .2em }
input:not([type=checkbox], [type=radio]), select, textarea { inline-size: 100%; min-block-size: var(--control); padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--surface); color: inherit; font: inherit }
input:is([type=email], [type=tel], [type=url]) { direction: ltr }
[dir=rtl] input:is([type=email], [type=tel], [type=url]) { text-align: right }
[dir=rtl] h1 { letter-spacing: normal }
input[size] { inline-size: auto; max-inline-size: 100% }
textarea { resize: vertical; display: block }
select { text-overflow: ellipsis }
::placeholder { color: var(--quiet); opacity: 1 }
.wrong input:not([type=checkbox], [type=radio]), .wrong select, .wrong textarea { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad) }
.choices { display: grid; gap: .125rem }
.stars { display: flex; flex-wrap: wrap; gap: .125rem 1.25rem }
.field > label.choice, .choice { display: flex; gap: .625rem; align-items: start; padding-block: .375rem; margin: 0; font-weight: 400; font-size: 1rem; cursor: pointer }
.choice input { flex: none; inline-size: 1.25rem; block-size: 1.25rem; margin: .125rem 0 0; accent-color: var(--mark) }
.choice.consent { font-size: .9375rem }
button { margin-block-start: calc(var(--gap) * 1.4); min-block-size: var(--control); padding: .5rem 1.5rem; border: 1px solid var(--mark); border-radius: var(--radius); background: var(--brand); color: var(--on-brand); font: inherit; font-weight: 600; cursor: pointer }
button:hover { filter: brightness(.94) }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px }
.problems { margin-block-end: 1.5rem; padding: 1rem 1.25rem; border-radius: var(--radius); background: var(--bad-soft); color: var(--bad) }
.problems:focus { outline: 2px solid var(--bad); outline-offset: 2px }
.problems p, .notice { font-weight: 600 }
.problems ul { margin-block-start: .375rem; padding-inline-start: 1.25rem; font-size: .9375rem }
.problems a { color: inherit }
.notice { margin-block-end: 1.5rem; padding: 1rem 1.25rem; border-radius: var(--radius); background: var(--bad-soft); color: var(--bad) }
.done { text-align: center; padding-block: 1.5rem }
.done h1 { margin-block-end: .75rem }
.done h1:last-child { margin: 0 }
.done p + p { margin-block-start: .75rem }
.done p { white-space: pre-line }
.done svg { inline-size: 3rem; block-size: 3rem; margin-block-end: 1rem; fill: none; stroke: var(--good); stroke-width: 3; stroke-linecap: round; stroke-linejoin: round }
.away { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (min-width: 30rem) { .half { grid-column: span 1 } }
@media (max-width: 24rem) { main { border-inline: 0; border-radius: 0 } button { inline-size: 100% } }
main:has(> form[style]) { padding: 0; border: 0; background: none }
main:has(> form[style]) > h1 { display: none }
@media (forced-colors: active) { main, button, .problems { border: 1px solid } }
`;
