/** How an exported report looks, on a screen of either kind and on paper. */
export const reportStyle = `
:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, sans-serif; margin: 0; padding: 24px 16px 64px; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
.boxed { font-size: 1.15rem; font-weight: 600; border-left: 3px solid; padding-left: 12px; }
.about, footer { color: GrayText; font-size: 0.85rem; }
pre { overflow-x: auto; padding: 12px; border: 1px solid GrayText; white-space: pre-wrap; }
p, li, h1, h2, h3, h4, h5, h6, th, td, blockquote { unicode-bidi: plaintext; }
code.maths { font-style: italic; }
table { border-collapse: collapse; display: block; max-width: 100%; overflow-x: auto; }
th, td { border: 1px solid GrayText; padding: 4px 8px; text-align: start; overflow-wrap: break-word; }
blockquote { margin: 4px 0 8px; padding-left: 12px; border-left: 2px solid GrayText; font-style: italic; }
sup { line-height: 0; }
sup a { text-decoration: none; }
li { margin-bottom: 8px; }
li:target { outline: 2px solid; outline-offset: 4px; }
.mark { font-size: 0.85rem; white-space: nowrap; }
.uncited { color: GrayText; text-decoration: underline dotted; }
.mark.missing { font-weight: 600; }
footer { margin-top: 3rem; border-top: 1px solid; padding-top: 8px; }
@media print {
  body { font-size: 11pt; padding: 0; }
  a { color: inherit; }
  table { display: table; }
  th, td { overflow-wrap: anywhere; }
  li, blockquote, tr { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
}
`;
