/** What tests do with a panel again and again. */
import type { Locator } from 'playwright-core';
import type { Fact } from '../../src/shared/events.ts';
import { logOf } from './logs.ts';
import type { PanelPage } from './panelPage.ts';
import { runId } from './panelPage.ts';

/** What was last said politely to a screen reader. */
export function announced({ page }: PanelPage): Promise<string> {
  return page.locator('[aria-live=polite]').innerText();
}

/** Posts the facts that come after those the panel has. */
export async function add(panel: PanelPage, before: readonly Fact[], ...facts: readonly Fact[]): Promise<void> {
  const from = before.length;
  await panel.post({ type: 'events', runId, from, events: logOf([...before, ...facts]).slice(from), more: false });
}

/** The kit writes a text into its field some frames after it was set. */
export async function untilHolds(panel: PanelPage, box: Locator, text: string): Promise<void> {
  while ((await box.inputValue()) !== text) await panel.page.evaluate('drawn()');
}
