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
  keepName(element, label, 'Text area');
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
  keepName(element, label, 'Text field');
  return element;
}

/** The kit gives a control its own name each time it enters the page: then the last other one is put back. */
function keepName(element: HTMLElement, label: string, kitName: string): void {
  let wanted = label;
  new MutationObserver(() => {
    const name = element.getAttribute('aria-label') ?? kitName;
    if (name === kitName) element.setAttribute('aria-label', wanted);
    else wanted = name;
  }).observe(element, { attributeFilter: ['aria-label'] });
}

export type { Button, TextArea, TextField };
