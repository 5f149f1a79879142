/** The webview's entry: joins the panel with VS Code. */
import '@vscode/codicons/dist/codicon.css';
import './main.css';
import type { FromWebview, ToWebview } from '../src/shared/protocol.ts';
import type { StateStore } from './kept.ts';
import { keepState } from './kept.ts';
import { createPanel } from './panel.ts';
import { registerControls } from './ui.ts';

declare function acquireVsCodeApi(): StateStore & { readonly postMessage: (intention: FromWebview) => void };

function start(): void {
  const root = document.getElementById('panel');
  if (!root) return;
  const api = acquireVsCodeApi();
  registerControls();
  const take = createPanel(root, (intention) => api.postMessage(intention), keepState(api));
  window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => take(data));
  api.postMessage({ type: 'ready', runId: null, have: 0 });
}

start();
