/** The looks of the page of docs: its own file, so that its hash can stand in the page's policy. */
export const docsStyles = `
:root { color-scheme: light dark; --text: light-dark(#1d2433, #e6e9f0); --quiet: light-dark(#5a6478, #9aa5bb); --line: light-dark(#e3e7ee, #2a3244);
  --page: light-dark(#fff, #10141d); --side: light-dark(#f6f8fb, #151b27); --accent: light-dark(#2456c6, #8fb3ff); }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.6 system-ui, sans-serif; color: var(--text); background: var(--page); display: grid; grid-template-columns: 20rem minmax(0, 1fr) }
a { color: var(--accent) }
nav { position: sticky; inset-block-start: 0; block-size: 100vh; overflow: auto; padding: 1.5rem; background: var(--side); border-inline-end: 1px solid var(--line) }
nav ul { list-style: none; margin: 0; padding: 0 }
nav li li a { display: block; padding-block: .15rem; font-size: .8rem; color: inherit; text-decoration: none; overflow-wrap: anywhere }
nav a:hover { text-decoration: underline }
nav > ul > li { margin-block: .75rem; font-weight: 600 }
nav li li { font-weight: 400 }
.brand { margin: 0 0 1rem; font-weight: 700; font-size: 1.1rem }
.brand span { color: var(--quiet); font-weight: 400 }
main { padding: 2rem clamp(1rem, 4vw, 4rem) 6rem; max-inline-size: 64rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { margin-block: 3rem 1rem; font-size: 1.4rem }
h3 { font-size: 1rem; margin: 0 }
article { padding-block: 1.5rem; border-block-start: 1px solid var(--line); scroll-margin-block-start: 1rem }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere }
td:first-child code { white-space: nowrap }
dt { font-weight: 600; margin-block-start: .75rem }
dd { margin: 0; color: var(--quiet) }
small, caption, .errors { color: var(--quiet) }
.errors { font-size: .8rem }
b[class] { display: inline-block; min-inline-size: 3.4rem; font: 700 .7rem/1.4 ui-monospace, monospace }
.GET { color: light-dark(#1d6b3d, #6fd39a) } .POST { color: light-dark(#1f4fb8, #8fb3ff) }
.PATCH, .PUT { color: light-dark(#8a5300, #f0b357) } .DELETE { color: light-dark(#a52121, #ff9a93) }
table { inline-size: 100%; border-collapse: collapse; margin-block: .75rem; font-size: .875rem }
caption { text-align: start; font-weight: 600; padding-block: .25rem }
th, td { text-align: start; vertical-align: top; padding: .35rem .75rem .35rem 0; border-block-end: 1px solid var(--line) }
th { font-weight: 600; color: var(--quiet) }
summary { cursor: pointer; padding-block: .25rem }
.skip { position: absolute; inset-inline-start: -100vw } .skip:focus { inset-inline-start: 1rem; z-index: 1; background: var(--page); padding: .5rem }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 50rem) { body { display: block } nav { position: static; block-size: auto } nav li ul { display: none } table { display: block; overflow-x: auto } td:first-child code { white-space: normal; overflow-wrap: anywhere } }
`;
