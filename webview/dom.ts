/** Building elements. Text goes in as text: nothing here, or in its callers, takes HTML. */

type Child = Node | string | false | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with a class, attributes (false and undefined leave one out) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  setAttributes(element, attributes);
  for (const child of children) if (child !== false && child !== undefined) element.append(child);
  return element;
}

/** Sets attributes; false and undefined remove one, true sets it empty. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** A codicon. It is never alone without a name: whoever uses it gives that, so it is hidden from screen readers. */
export function icon(name: string, className = ''): HTMLElement {
  return h('span', `codicon codicon-${name}${className && ` ${className}`}`, { 'aria-hidden': 'true' });
}

/** A native button; `onClick` gets the click. */
export function button(
  className: string,
  attributes: Attributes,
  onClick: (event: MouseEvent) => void,
  ...children: readonly Child[]
): HTMLButtonElement {
  const element = h('button', className, { type: 'button', ...attributes }, ...children);
  element.addEventListener('click', onClick);
  return element;
}

/** Sets a text only where it changes, so that nothing is redrawn or announced twice. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Puts these children where others were, unless they are the same already. */
export function setChildren(element: Element, ...children: readonly Node[]): void {
  const current = element.childNodes;
  if (current.length === children.length && children.every((child, index) => current[index] === child)) return;
  element.replaceChildren(...children);
}
