import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import type { VsCode } from './vsCode.ts';

const screenshots = resolve(import.meta.dirname, '../../out/screenshots');
const paletteInput = '.quick-input-widget .quick-input-box input';
const paletteRow = '.quick-input-list .monaco-list-row';

/** Opens a window on the VS Code and waits until its explorer shows files. A new page has a new, empty browser profile. */
export async function openWorkbench(browser: Browser, vscode: VsCode): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(vscode.url);
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
  return page;
}

/** Reloads the window as a person would, and waits until it is there again; the view that was open opens again. */
export async function reloadWorkbench(page: Page): Promise<void> {
  await page.reload();
  await page.locator('.activitybar .action-item').first().waitFor({ timeout: 60_000 });
  await page.locator('.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
}

/** Opens (or, when it is open, closes) a view container by its button in the activity bar. */
export async function clickActivityBar(page: Page, title: string): Promise<void> {
  await page.locator(`.activitybar .action-item:has([aria-label^="${title}"])`).first().click();
}

/** Types into the palette and resolves to the labels of its rows, once one contains `expected` (extensions register late). */
export async function paletteRows(page: Page, text: string, expected: string): Promise<string[]> {
  await row(page, text, expected);
  const labels = await page.locator(paletteRow).allInnerTexts();
  await page.keyboard.press('Escape');
  return labels.map((label) => label.replaceAll('\u00a0', ' ').split('\n')[0] ?? '');
}

/** Runs a command by its title in the palette, e.g. `MiroThinker: Ask a Research Question`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await (await row(page, title, title)).click();
}

/** Answers an open quick input: types the text and accepts it. */
export async function answerInput(page: Page, text: string): Promise<void> {
  const input = page.locator(paletteInput);
  await input.waitFor();
  await input.fill(text);
  await page.keyboard.press('Enter');
}

/** The palette's row with this text; opens the palette again until it is there, for up to 30 s. */
async function row(page: Page, text: string, expected: string): Promise<Locator> {
  const found = page.locator(paletteRow, { hasText: expected }).first();
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    await page.keyboard.press('F1');
    await page.locator(paletteInput).fill(`>${text}`);
    const there = await found.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (there) return found;
    if (Date.now() > giveUpAt) throw new Error(`the palette does not show "${expected}" for "${text}"`);
    await page.keyboard.press('Escape');
  }
}

/**
 * The document inside a webview. With several, `containing` is a selector that only the wanted one holds.
 * The first webview of a window takes 5 to 6 s, so this waits up to 30.
 */
export async function webviewFrame(page: Page, containing = 'body'): Promise<FrameLocator> {
  const giveUpAt = Date.now() + 30_000;
  await page.locator('iframe.webview.ready').first().waitFor({ state: 'attached', timeout: 30_000 });
  for (;;) {
    for (const frame of await page.locator('iframe.webview.ready').all()) {
      const inner = frame.contentFrame().frameLocator('iframe#active-frame');
      const there = await inner
        .locator(containing)
        .first()
        .waitFor({ state: 'attached', timeout: 1_000 })
        .then(
          () => true,
          () => false,
        );
      if (there) return inner;
    }
    if (Date.now() > giveUpAt) throw new Error(`no webview holds ${containing}`);
  }
}

/** A notification with this text, shown or coming. */
export function toast(page: Page, text: string | RegExp): Locator {
  return page.locator('.notification-toast', { hasText: text }).first();
}

/** What the visible terminal's screen shows; needs `terminal.integrated.gpuAcceleration: off`. */
export async function terminalText(page: Page): Promise<string> {
  const rows = await page.locator('.terminal-wrapper.active .xterm-rows, .xterm-rows').first().innerText();
  return rows.replaceAll('\u00a0', ' ');
}

/** Keeps a picture in out/screenshots; resolves to its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(screenshots, { recursive: true });
  const path = join(screenshots, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
