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
  document.addEventListener('DOMContentLoaded', () => {
    for (const [name, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
    document.body.className = bodyClass;
    document.body.style.background = 'var(--vscode-sideBar-background)';
  });
})(setUp);
