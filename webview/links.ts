/** Links: they show where they go, and open only when asked to, through the host. None has an address of its own. */
import { showControls } from '../src/shared/visibleText.ts';
import type { FromWebview } from '../src/shared/protocol.ts';
import type { Context } from './context.ts';
import { h } from './dom.ts';

/** Opens a workspace file at a line. */
export function placeLink(context: Pick<Context, 'post'>, uri: string, line?: number, label?: string): HTMLElement {
  const place = showControls(line === undefined ? uri : `${uri}:${line}`);
  const name = label === undefined ? undefined : `${label}: ${place}`;
  return link(label ?? place, `Open ${place}`, name, () =>
    context.post({ type: 'openSource', uri, ...(line !== undefined && { line }) }),
  );
}

/** Opens a page outside; what is no http(s) address is text and goes nowhere. */
export function pageLink(context: Pick<Context, 'post'>, url: string, label = url): HTMLElement {
  const [text, address] = [showControls(label), showControls(url)];
  if (!isWebAddress(url)) return h('span', '', {}, text);
  const name = text === address ? undefined : `${text}: ${address}`;
  return link(text, address, name, () => context.post({ type: 'openLink', url }));
}

/** Opens what was read of a source as it was read then, at the quote. */
export function evidenceLink(
  context: Pick<Context, 'post'>,
  evidence: Omit<Extract<FromWebview, { type: 'openEvidence' }>, 'type'>,
  label: string,
  place: string,
): HTMLElement {
  const [text, where] = [showControls(label), showControls(place)];
  return link(text, `${where}, as it was read`, undefined, () => context.post({ type: 'openEvidence', ...evidence }));
}

/** Shows another run. */
export function runLink(context: Pick<Context, 'post'>, runId: string, label: string): HTMLElement {
  return link(label, `Run ${showControls(runId)}`, undefined, () => context.post({ type: 'openRun', runId }));
}

/** Whether an address leads to the web. */
export function isWebAddress(uri: string): boolean {
  return /^https?:\/\//i.test(uri) && URL.canParse(uri);
}

/** An anchor, since a button does not break over lines; without an address, so that nothing else opens it. */
function link(text: string, title: string, name: string | undefined, open: () => void): HTMLElement {
  const element = h('a', 'link', { role: 'link', tabindex: 0, title, 'aria-label': name }, text);
  element.addEventListener('click', open);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    open();
  });
  return element;
}
