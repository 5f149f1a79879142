/** One browser and one served panel for a test file. */
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../harness/browser.ts';
import type { PanelOptions, PanelPage } from './panelPage.ts';
import { openPanel, servePanel } from './panelPage.ts';

/** Call inside `describe`: gives what opens panels; each is closed after its test. */
export function panelSuite(): (options?: PanelOptions) => Promise<PanelPage> {
  const now: { browser?: Browser; served?: Awaited<ReturnType<typeof servePanel>> } = {};
  const open = new Set<PanelPage>();
  before(async () => {
    now.browser = await launchBrowser();
    now.served = await servePanel();
  });
  afterEach(async () => {
    for (const panel of open) await panel.page.close();
    open.clear();
  });
  after(async () => {
    await now.browser?.close();
    await now.served?.close();
  });
  return async (options) => {
    if (!now.browser || !now.served) throw new Error('the browser is not there yet');
    const panel = await openPanel(now.browser, now.served.url, options);
    open.add(panel);
    return panel;
  };
}
