/** Things that open: a line as a button, and a body that is only made once it is seen. */
import type { Context } from './context.ts';
import { h, setAttributes } from './dom.ts';

export interface Disclosure {
  readonly line: HTMLButtonElement;
  readonly body: HTMLElement;
  readonly isOpen: () => boolean;
  readonly set: (open: boolean) => void;
}

/** Joins a line and the body below it. `key` names it in its run, over reloads; `byDefault` is how it stands until a person decides. */
export function disclosure(
  context: Pick<Context, 'opened' | 'remember' | 'view'>,
  key: string,
  byDefault: boolean,
  line: HTMLButtonElement,
  makeBody: () => readonly Node[],
): Disclosure {
  const body = h('div', 'body');
  const name = `${context.view().runId ?? ''} ${key}`;
  const show = (open: boolean) => {
    setAttributes(line, { 'aria-expanded': open ? 'true' : 'false' });
    body.hidden = !open;
    if (open && body.childNodes.length === 0) body.append(...makeBody());
  };
  const set = (open: boolean) => {
    context.opened.set(name, open);
    show(open);
    context.remember();
  };
  const isOpen = () => line.getAttribute('aria-expanded') === 'true';
  line.addEventListener('click', () => set(!isOpen()));
  show(context.opened.get(name) ?? byDefault);
  return { line, body, isOpen, set };
}
