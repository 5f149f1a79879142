/** A page's pieces of text → lines and paragraphs in the order in which a person reads them. */

/** A piece of text and where it stands, in points from the page's lower left corner. */
export interface Piece {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of its letters; 0 where it only stands for a gap. */
  readonly height: number;
  readonly endsLine: boolean;
}

/** A line's words and place. */
interface Line {
  text: string;
  x: number;
  right: number;
  y: number;
  height: number;
}

/** Markdown of a page: paragraphs, and larger lines as headings. `bodyHeight` is the usual height of letters. */
export function pageText(pieces: readonly Piece[], pageWidth: number, bodyHeight: number): string {
  const lines = inColumns(linesOf(pieces), pageWidth);
  let text = '';
  let last: Line | undefined;
  for (const line of lines) {
    const between = last ? joint(text, last, line, bodyHeight) : headingMark(line, bodyHeight);
    text = (between === undefined ? text.slice(0, -1) : text + between) + line.text;
    last = line;
  }
  return text.trim();
}

/** The height that most letters have. */
export function usualHeight(pieces: Iterable<Piece>): number {
  const letters = new Map<number, number>();
  for (const { height, text } of pieces) {
    const rounded = Math.round(height * 2) / 2;
    if (rounded > 0) letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
  }
  return [...letters].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0])[0];
}

function linesOf(pieces: readonly Piece[]): readonly Line[] {
  const lines: Line[] = [];
  let line: Line | undefined;
  for (const piece of pieces) {
    const { text, x, y, width, height } = piece;
    // A wide gap within a line separates columns, or the cells of a row.
    const apart = line && text.trim() !== '' && x - line.right > Math.max(line.height, 6) * 1.5;
    if (line && (apart === true || (height > 0 && Math.abs(y - line.y) > Math.max(height, line.height) * 0.8))) {
      lines.push(line);
      line = undefined;
    }
    if (text.trim() !== '') {
      line ??= { text: '', x, right: x, y, height };
      line.text += text;
      line.right = Math.max(line.right, x + width);
      line.height = Math.max(line.height, height);
    } else if (line && text !== '' && !line.text.endsWith(' ')) line.text += ' ';
    if (piece.endsLine && line) {
      lines.push(line);
      line = undefined;
    }
  }
  if (line) lines.push(line);
  return lines.map((one) => ({ ...one, text: one.text.trim() })).filter(({ text }) => text !== '');
}

/** Lines of two columns that come row by row, as some programs write them: the left column first, between full-width lines. */
function inColumns(lines: readonly Line[], pageWidth: number): readonly Line[] {
  const middle = pageWidth / 2;
  const isLeft = (line: Line) => line.right < middle + pageWidth * 0.03;
  const isRight = (line: Line) => line.x > middle - pageWidth * 0.03;
  let pairs = 0;
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (next && isLeft(line) && isRight(next) && Math.abs(line.y - next.y) < line.height / 2) {
      // Cells of a table are shorter than lines of a column.
      if (line.right - line.x > pageWidth * 0.28 && next.right - next.x > pageWidth * 0.28) pairs += 1;
    }
  }
  if (pairs < 5 || pairs * 2 < lines.length * 0.5) return lines;
  const ordered: Line[] = [];
  let left: Line[] = [];
  let right: Line[] = [];
  for (const line of lines) {
    if (isLeft(line)) left.push(line);
    else if (isRight(line)) right.push(line);
    else {
      ordered.push(...left, ...right, line);
      left = [];
      right = [];
    }
  }
  return [...ordered, ...left, ...right];
}

/** What stands between two lines: a cell's border, a line's end, a new paragraph; undefined within a hyphenated word. */
function joint(before: string, last: Line, line: Line, bodyHeight: number): string | undefined {
  const size = Math.max(last.height, line.height, 1);
  const down = last.y - line.y;
  if (Math.abs(down) < size / 2 && line.x > last.right) return ' | ';
  const mark = headingMark(line, bodyHeight);
  const sameSize = Math.abs(last.height - line.height) < size * 0.12;
  if (mark !== headingMark(last, bodyHeight) || (mark !== '' && down > size * 2)) return `\n\n${mark}`;
  if (mark !== '') return ' ';
  const goesOn = down < -size && /[a-z,]$|-$/.test(before) && /^[a-z]/.test(line.text);
  if ((down > size * 1.75 || down < -size || !sameSize) && !goesOn) return '\n\n';
  if (/^(?:[•◦▪–●]|\(?\d{1,2}[.)])\s/.test(line.text)) return '\n';
  if (/\p{Ll}[-\u00AD]$/u.test(before) && /^\p{Ll}/u.test(line.text)) return undefined;
  // Rows of a table and verses end early; words of a paragraph go on.
  return /[\u3040-\u30FF\u3400-\u9FFF\uFF00-\uFF60]$/.test(before) && /^[\u3040-\u30FF\u3400-\u9FFF]/.test(line.text)
    ? ''
    : '\n';
}

function headingMark(line: Line, bodyHeight: number): string {
  if (bodyHeight === 0 || line.height < bodyHeight * 1.18 || line.text.length > 200 || !/\p{L}/u.test(line.text))
    return '';
  return line.height >= bodyHeight * 1.6 ? '# ' : '## ';
}
