/* Runs in the page before anything else: what VS Code would give it. `setUp` comes before this text. */
(({ variables, bodyClass, state }) => {
  const kept = { state };
  Object.assign(window, {
    injected: 0,
    kept,
    acquireVsCodeApi: () => ({
      postMessage: (message) => window.hostReceives(message),
      getState: () => kept.state,
      setState: (next) => (kept.state = next),
    }),
    /** Resolves after what was posted has been drawn. */
    drawn: () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  });
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
  );
  // What VS Code's own style gives every webview, in the layer where it stands there.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer vscode-default {
    body { background-color: transparent; color: var(--vscode-editor-foreground); margin: 0; padding: 0 20px; }
    a, a code { color: var(--vscode-textLink-foreground); }
    a:hover { color: var(--vscode-textLink-activeForeground); }
    a:focus, button:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
    code { background-color: var(--vscode-textPreformat-background); border-radius: 4px; color: var(--vscode-textPreformat-foreground); padding: 1px 3px; }
    pre code { padding: 0; }
    blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
    kbd { background-color: #8883; border: 1px solid #8886; border-radius: 3px; box-shadow: inset 0 -1px 0 #8886; padding: 1px 3px; vertical-align: middle; }
  }`);
  document.adoptedStyleSheets = [sheet];
  document.addEventListener('DOMContentLoaded', () => {
    for (const [name, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
    document.body.className = bodyClass;
    document.body.style.background = 'var(--vscode-sideBar-background)';
  });
})(setUp);
