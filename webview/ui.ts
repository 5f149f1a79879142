/**
 * The form controls, from @vscode/webview-ui-toolkit, behind this one file: it is deprecated, so another kit may take its
 * place. Lists use native elements, since hundreds of custom ones are slow.
 */
import {
  Button,
  TextArea,
  TextField,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { icon } from './dom.ts';

/** Registers the controls; once, before any is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextArea(), vsCodeTextField());
}

/** The key that queues, as this machine's people write it. */
export const altEnter = navigator.userAgent.includes('Mac') ? '⌥↵' : 'Alt+↵';

/** A button with words. */
export function textButton(
  label: string,
  onClick: () => void,
  options: { readonly primary?: boolean; readonly keys?: string; readonly name?: string } = {},
): Button {
  const element = new Button();
  element.appearance = options.primary === true ? 'primary' : 'secondary';
  element.append(label);
  if (options.keys !== undefined) {
    const keys = document.createElement('kbd');
    keys.textContent = options.keys;
    keys.setAttribute('aria-hidden', 'true');
    element.append(keys);
  }
  if (options.name !== undefined) element.ariaLabel = options.name;
  element.addEventListener('click', onClick);
  return element;
}

/** A button with an icon and, for the pointer and for screen readers, a name. */
export function iconButton(name: string, label: string, onClick: (event: Event) => void): Button {
  const element = new Button();
  // Before the appearance: the kit calls an icon button without this attribute "Icon Button".
  element.setAttribute('aria-label', label);
  element.appearance = 'icon';
  element.title = label;
  element.append(icon(name));
  element.addEventListener('click', onClick);
  return element;
}

/** A text area that grows with its text from `rows` to `maxRows`. */
export function growingTextArea(label: string, rows: number, maxRows: number): TextArea {
  const element = new TextArea();
  element.rows = rows;
  whenConnected(element, () => (element.ariaLabel = label));
  const grow = () => {
    const control = element.control;
    control.rows = rows;
    const lineHeight = parseFloat(getComputedStyle(control).lineHeight) || 18;
    while (control.scrollHeight > control.clientHeight + lineHeight / 2 && control.rows < maxRows) control.rows++;
  };
  element.addEventListener('input', grow);
  return element;
}

/** A field of one line. */
export function textField(label: string, placeholder: string): TextField {
  const element = new TextField();
  element.placeholder = placeholder;
  whenConnected(element, () => (element.ariaLabel = label));
  return element;
}

/** The kit names a control after its text when it enters the page; the real name has to come after that. */
function whenConnected(element: HTMLElement, run: () => void): void {
  queueMicrotask(() => {
    if (element.isConnected) run();
    else requestAnimationFrame(() => whenConnected(element, run));
  });
}

export type { Button, TextArea, TextField };
