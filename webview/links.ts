/** Links: they show where they go, and open only on a click, through the host. */
import type { Context } from './context.ts';
import { button } from './dom.ts';
import { showControls } from '../src/shared/visibleText.ts';

/** Opens a workspace file at a line. */
export function placeLink(
  context: Pick<Context, 'post'>,
  uri: string,
  line?: number,
  label?: string,
): HTMLButtonElement {
  const place = showControls(line === undefined ? uri : `${uri}:${line}`);
  return button(
    'link',
    { title: `Open ${place}`, ...(label !== undefined && { 'aria-label': `${label}: ${place}` }) },
    () => context.post({ type: 'openSource', uri, ...(line !== undefined && { line }) }),
    label ?? place,
  );
}

/** Opens a page outside; what is no http(s) address is text and goes nowhere. */
export function pageLink(context: Pick<Context, 'post'>, url: string, label = url): HTMLElement {
  const shown = showControls(label);
  const name = shown === showControls(url) ? undefined : `${shown}: ${showControls(url)}`;
  const element = button(
    'link',
    { title: showControls(url), 'aria-label': name },
    () => context.post({ type: 'openLink', url }),
    shown,
  );
  if (!isWebAddress(url)) element.disabled = true;
  return element;
}

/** Whether an address leads to the web. */
export function isWebAddress(uri: string): boolean {
  return /^https?:\/\//i.test(uri) && URL.canParse(uri);
}
