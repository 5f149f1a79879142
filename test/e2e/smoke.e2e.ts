import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../harness/browser.ts';
import { startVsCode, type VsCode } from '../harness/vsCode.ts';
import {
  clickActivityBar,
  openWorkbench,
  paletteRows,
  reloadWorkbench,
  screenshot,
  webviewFrame,
} from '../harness/workbench.ts';
import { checkout, makeScratch, type Scratch } from '../harness/workspace.ts';

describe('the workbench', () => {
  const open: { scratch?: Scratch; vscode?: VsCode; browser?: Browser } = {};

  before(async () => {
    open.scratch = makeScratch();
    open.vscode = await startVsCode({ folder: open.scratch.workspace, development: checkout });
    open.browser = await launchBrowser();
  });
  after(async () => {
    await open.browser?.close();
    await open.vscode?.stop();
    open.scratch?.remove();
  });

  async function workbench(): Promise<Page> {
    assert.ok(open.browser !== undefined && open.vscode !== undefined);
    return openWorkbench(open.browser, open.vscode);
  }

  it('shows the commands in the palette', async () => {
    const page = await workbench();
    const rows = await paletteRows(page, 'MiroThinker', 'MiroThinker: Ask a Research Question');
    assert.ok(rows.filter((row) => row.startsWith('MiroThinker:')).length >= 4, rows.join('\n'));
    await page.context().close();
  });

  it('opens the view of the activity bar, and again after a reload', async () => {
    const page = await workbench();
    await clickActivityBar(page, 'MiroThinker');
    await (await webviewFrame(page, 'textarea, vscode-text-area')).locator('body').waitFor();
    await screenshot(page, 'activity-bar-view');
    await reloadWorkbench(page);
    await webviewFrame(page, 'textarea, vscode-text-area');
    await page.context().close();
  });
});
