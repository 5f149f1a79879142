/** Long text: the first lines, then all of it on demand. Never a scroll box inside the scroll. */
import { countOf } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import { button, h, setAttributes, setText } from './dom.ts';

const foldedLines = 12;
const foldedChars = 2_400;
/** Above this, all of it is shown in an editor tab. */
const inlineLines = 500;
const inlineChars = 200_000;

export interface LinesOptions {
  readonly className?: string;
  /** Opens all of it elsewhere; without it everything is shown here. */
  readonly openElsewhere?: (() => void) | undefined;
  /** Whether more exists than the text holds (what was cut for the model). */
  readonly more?: string | undefined;
}

/** A block of plain text, at most twelve lines of it until a person asks for more. */
export function foldedText(text: string, { className = '', openElsewhere, more }: LinesOptions = {}): HTMLElement {
  const clean = showControls(text.replace(/\s+$/, ''));
  const lines = clean.split('\n');
  const folds = lines.length > foldedLines + 1 || clean.length > foldedChars;
  const head = folds ? clip(lines.slice(0, foldedLines).join('\n')) : clean;
  const pre = h('pre', `text ${className}`, {}, head);
  if (!folds && more === undefined) return pre;
  const elsewhere =
    openElsewhere !== undefined && (more !== undefined || lines.length > inlineLines || clean.length > inlineChars);
  const toggle = elsewhere
    ? moreButton(`Show all ${countOf(lines.length, 'line')}${more === undefined ? '' : ` and ${more}`} in an editor`)
    : moreButton(showAll(lines.length));
  toggle.addEventListener('click', () => {
    if (elsewhere) openElsewhere();
    else unfold(toggle, (open) => setText(pre, open ? clean : head), showAll(lines.length));
  });
  return h('div', 'folded', {}, pre, toggle);
}

/** A list of rows, at most twelve until a person asks for more. */
export function foldedRows(rows: readonly (() => Node)[], className: string): HTMLElement {
  const list = h('div', className, { role: 'list' });
  const draw = (open: boolean) =>
    list.replaceChildren(...(open ? rows : rows.slice(0, foldedLines)).map((row) => row()));
  if (rows.length <= foldedLines + 1) {
    draw(true);
    return list;
  }
  draw(false);
  const label = `Show all ${countOf(rows.length, 'line')}`;
  const toggle = moreButton(label);
  toggle.addEventListener('click', () => unfold(toggle, draw, label));
  return h('div', 'folded', {}, list, toggle);
}

function unfold(toggle: HTMLElement, draw: (open: boolean) => void, label: string): void {
  const open = toggle.getAttribute('aria-expanded') !== 'true';
  draw(open);
  setAttributes(toggle, { 'aria-expanded': open ? 'true' : 'false' });
  setText(toggle, open ? 'Show less' : label);
}

function moreButton(label: string): HTMLButtonElement {
  return button('more', { 'aria-expanded': 'false' }, () => undefined, label);
}

function showAll(lines: number): string {
  return lines > 1 ? `Show all ${countOf(lines, 'line')}` : 'Show all of the line';
}

function clip(text: string): string {
  return text.length > foldedChars ? `${text.slice(0, foldedChars)}…` : text;
}
