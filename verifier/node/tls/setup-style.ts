/** The style of the setup page: the device's own fonts and colours, so that nothing has to be fetched. */
export const SETUP_STYLE = `:root { color-scheme: light dark; --line: #767676; --paper: #fff; --ink: #1b1b1b; --tint: #f2f5f9; --warn: #fff4d6; --link: #0b4f9e; }
@media (prefers-color-scheme: dark) { :root { --line: #8c8c8c; --paper: #16181b; --ink: #ededed; --tint: #23272d; --warn: #3b3010; --link: #9cc8ff; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
main, nav { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
main { padding-bottom: 4rem; }
nav ul { align-items: baseline; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: .75rem 0; list-style: none; border-bottom: 1px solid var(--line); }
nav a { display: inline-block; padding: .35rem 0; }
nav [aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { margin: 1.5rem 0 .75rem; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.25rem; line-height: 1.3; }
p, li, dd { overflow-wrap: anywhere; }
main li + li { margin-top: .4rem; }
.meaning { margin-top: 1.5rem; padding: 1rem 1.25rem; border-left: .35rem solid #b27400; background: var(--warn); }
.meaning h2 { margin-top: 0; }
.meaning ul { margin: 0; padding-left: 1.2rem; }
dl { margin: 1rem 0 0; }
dt { font-weight: 600; }
dd { margin: 0 0 .75rem; }
.check { display: flex; flex-wrap: wrap; gap: 1.25rem; align-items: flex-start; }
.check dl { margin-top: 0; }
.fingerprint { display: grid; grid-template-columns: repeat(4, max-content); gap: .3rem 1rem; margin: .25rem 0 0; padding: .75rem 1rem; background: var(--tint); font: 600 1.125rem/1.5 ui-monospace, monospace; }
.fingerprint:target { outline: 3px solid var(--link); }
figure { flex: 0 1 15rem; margin: 0; }
figure svg { display: block; width: 100%; max-width: 15rem; height: auto; }
figcaption { margin-top: .5rem; font-size: .9375rem; }
.downloads { display: grid; gap: .6rem; margin: .5rem 0 0; padding: 0; list-style: none; }
.downloads li + li { margin: 0; }
.downloads a { display: block; padding: .8rem 1rem; border: 2px solid var(--link); border-radius: .5rem; font-weight: 600; text-decoration: none; }
.downloads .lesser a { border-color: transparent; padding: .25rem 1rem; font-weight: 400; text-decoration: underline; }
details { border: 1px solid var(--line); border-radius: .5rem; margin-top: .6rem; }
summary { padding: .8rem 1rem; font-weight: 600; cursor: pointer; }
details ol { margin: 0; padding: 0 1.25rem 1rem 2.5rem; }
@media print { nav, .downloads { display: none; } details > ol { display: block; } }
`;
