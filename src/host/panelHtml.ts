/** The panel's page: nothing but its own script, style and font (and pictures that it is sent) may load, and nothing may be written inline. */

export interface PanelAddresses {
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** dist/webview/main.js and main.css as webview addresses. */
  readonly script: string;
  readonly style: string;
  /** Unguessable, fresh for every page. */
  readonly nonce: string;
}

/** The HTML of the side panel's view and of the editor tab. */
export function panelHtml({ cspSource, script, style, nonce }: PanelAddresses): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The control kit tries out a selector in an empty style element: only an empty one may stand in the page.
    `style-src ${cspSource} 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`,
    `font-src ${cspSource}`,
    // Pictures of calls come as messages, in PNG or JPEG.
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MiroThinker</title>
<link rel="stylesheet" href="${escapeAttribute(style)}">
</head>
<body>
<div id="panel"></div>
<script type="module" nonce="${escapeAttribute(nonce)}" src="${escapeAttribute(script)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"<>]/g, (char) => `&#${char.charCodeAt(0)};`);
}
