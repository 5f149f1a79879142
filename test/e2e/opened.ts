/** A VS Code with the extension, a browser, a workspace and a scripted model server: opened for one group of tests. */
import assert from 'node:assert/strict';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { launchBrowser } from '../harness/browser.ts';
import { startVsCode, type VsCode, type VsCodeOptions } from '../harness/vsCode.ts';
import { openWorkbench } from '../harness/workbench.ts';
import { checkout, makeScratch, type Scratch } from '../harness/workspace.ts';

/** What is open; filled by `before`, closed by `after`. */
export interface Opened {
  scratch?: Scratch;
  vscode?: VsCode;
  browser?: Browser;
  server?: ScriptedServer;
}

/** Opens for the tests of the surrounding `describe`; a script starts a model server and is configured. */
export function opened(
  settings: Readonly<Record<string, unknown>>,
  script?: readonly Step[],
  options: Partial<VsCodeOptions> = {},
): Opened {
  const open: Opened = {};
  before(async () => {
    open.scratch = makeScratch();
    if (script) open.server = await scriptedServer({ script });
    const server = open.server ? { 'mirothinker.baseUrl': open.server.baseUrl } : {};
    open.vscode = await startVsCode({
      folder: open.scratch.workspace,
      development: checkout,
      settings: { ...server, ...settings },
      ...options,
    });
    open.browser = await launchBrowser();
  });
  after(async () => {
    await open.browser?.close();
    await open.vscode?.stop();
    await open.server?.close();
    open.scratch?.remove();
  });
  return open;
}

/** A window on it. */
export async function workbench(open: Opened): Promise<Page> {
  assert.ok(open.browser && open.vscode);
  return openWorkbench(open.browser, open.vscode);
}

/** The panel's transcript as text: what has to be the same after a reload. Clocks and durations are left out. */
export async function transcript(frame: FrameLocator): Promise<string> {
  const text = await frame.getByRole('feed').innerText();
  return text.replace(/\b\d+(?:\.\d+)?\s?(?:ms|s|min)\b/g, '').replace(/\s+/g, ' ');
}
