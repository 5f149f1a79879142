/** Rows of a CSV file, each with its header: `planet: Mars; visited: 1965`. */

interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** One line of text a row; the header is the file's first line, and unknown where that was not read. */
export function tableRows(lines: readonly NumberedLine[], separator: ',' | '\t'): readonly NumberedLine[] {
  const [first, ...rows] = lines;
  if (first?.line !== 1) return lines;
  const header = cellsOf(first.text, separator);
  return [
    first,
    ...rows.map(({ line, text }) => {
      const cells = cellsOf(text, separator).map((cell, index) => (header[index] ? `${header[index]}: ${cell}` : cell));
      return { line, text: text.trim() ? cells.join('; ') : '' };
    }),
  ];
}

function cellsOf(text: string, separator: ',' | '\t'): readonly string[] {
  const cell = separator === ',' ? /("(?:[^"]|"")*"|[^,]*)(?:,|$)/g : /("(?:[^"]|"")*"|[^\t]*)(?:\t|$)/g;
  const cells = [...text.matchAll(cell)].map(([, raw = '']) => raw);
  if (cells.length > 1 && !text.endsWith(separator)) cells.pop();
  return cells.map((raw) =>
    raw
      .replace(/^"(.*)"$/, '$1')
      .replaceAll('""', '"')
      .trim(),
  );
}
