import { html, type Markup, trusted } from './markup.ts';

/** The head of a page that loads nothing: its policy stands first, so that it holds for all that follows. */
export function pageHead(policy: string, title: string, style: string): Markup {
  return html`<head>
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>`;
}
