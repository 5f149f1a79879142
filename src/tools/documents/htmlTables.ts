/** Tables of pages → tables in Markdown; tables that only lay a page out are read as blocks. */
import { isElement, walk } from './dom.ts';
import type { DomElement } from './domNodes.ts';

/** More columns than these are no table for reading. */
const maxSpan = 200;

/** Notes on rows and cells what they need to be written: empty cells that spans leave, the header's rule. */
export function shapeTables(root: DomElement): void {
  const tables = [...root.querySelectorAll('table')];
  if (root.nodeName === 'TABLE') tables.push(root);
  for (const table of tables) {
    const rows = rowsOf(table);
    const columns = place(rows);
    const layout =
      columns < 2 || /^(?:presentation|none)$/.test(table.getAttribute('role') ?? '') || holdsBlocks(table);
    for (const [index, cells] of rows.entries()) {
      const row = cells[0]?.parentElement;
      if (layout) for (const cell of cells) cell.setAttribute('data-layout', '');
      if (layout) row?.setAttribute('data-layout', '');
      else if (row) {
        row.setAttribute('data-columns', String(columns));
        if (index === 0) row.setAttribute('data-first', '');
      }
    }
  }
}

/** A cell's part of its row. */
export function cellText(content: string, cell: DomElement): string {
  if (cell.hasAttribute('data-layout')) return `\n\n${content.trim()}\n\n`;
  const words = content
    .replace(/(?<!\s)\s*\n\s*/g, ' ')
    .trim()
    .replace(/(?<!\\)\|/g, '\\|');
  const blank = (name: string) => ' |'.repeat(Number(cell.getAttribute(name) ?? 0));
  return `${blank('data-before')} ${words} |${blank('data-behind')}`;
}

/** A row, with the rule below it where it is the first. */
export function rowText(content: string, row: DomElement): string {
  if (row.hasAttribute('data-layout')) return `\n\n${content.trim()}\n\n`;
  const columns = Number(row.getAttribute('data-columns') ?? 0);
  if (columns === 0) return content;
  const line = content.replace(/\n+/g, '').trim();
  const cells = line.match(/(?<!\\)\|/g)?.length ?? 0;
  const whole = `| ${line}${' |'.repeat(Math.max(0, columns - cells))}\n`.replace('|  |', '| |');
  return row.hasAttribute('data-first') ? `${whole}|${' --- |'.repeat(columns)}\n` : whole;
}

/** The whole, apart from what stands around it. */
export function tableText(content: string): string {
  return `\n\n${content.trim()}\n\n`;
}

function rowsOf(table: DomElement): readonly (readonly DomElement[])[] {
  const rows: DomElement[][] = [];
  walk(table, (node) => {
    if (!isElement(node) || node.nodeName === 'TABLE') return false;
    if (node.nodeName === 'TR')
      rows.push([...node.children].filter(({ nodeName }) => nodeName === 'TD' || nodeName === 'TH'));
    return node.nodeName !== 'TR';
  });
  return rows.filter((cells) => cells.length > 0);
}

/** Notes empty cells; returns how many columns the widest row has. */
function place(rows: readonly (readonly DomElement[])[]): number {
  let widest = 0;
  /** Rows that a cell above still reaches into, for each column. */
  let reaching: number[] = [];
  for (const cells of rows) {
    const below: number[] = [];
    let column = 0;
    const skip = () => {
      const from = column;
      while ((reaching[column] ?? 0) > 0) {
        below[column] = (reaching[column] ?? 0) - 1;
        column += 1;
      }
      return column - from;
    };
    for (const cell of cells) {
      const before = skip();
      const wide = span(cell, 'colspan');
      const high = span(cell, 'rowspan');
      cell.setAttribute('data-before', String(before));
      cell.setAttribute('data-behind', String(wide - 1));
      for (let i = 0; i < wide; i++) below[column + i] = high - 1;
      column += wide;
    }
    const behind = skip();
    const last = cells.at(-1);
    last?.setAttribute('data-behind', String(Number(last.getAttribute('data-behind')) + behind));
    widest = Math.max(widest, column);
    reaching = below;
  }
  return Math.min(widest, maxSpan);
}

function span(cell: DomElement, name: string): number {
  const value = Math.trunc(Number(cell.getAttribute(name) ?? 1));
  return value >= 1 ? Math.min(value, maxSpan) : 1;
}

/** Tables within it, program text of several lines, headings, or whole articles in a cell: no data. */
function holdsBlocks(table: DomElement): boolean {
  if (table.querySelector('table, h1, h2, h3')) return true;
  for (const pre of table.querySelectorAll('pre')) if (pre.textContent.trim().includes('\n')) return true;
  for (const cell of table.querySelectorAll('td'))
    if (cell.children.length > 1 && cell.textContent.length > 3000) return true;
  return false;
}
