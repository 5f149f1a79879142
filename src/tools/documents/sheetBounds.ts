/** How far a worksheet reaches, from its XML: a library that builds all rows up to the last must not be given a sparse one. */

/** Cells of a grid that are built at most, and rows of it. */
const most = { cells: 20_000_000, rows: 1_048_576 };

/** Whether rows and columns up to the farthest cell can be built. */
export function canBeBuilt(sheet: Uint8Array): boolean {
  const xml = Buffer.from(sheet.buffer, sheet.byteOffset, sheet.byteLength).toString('latin1');
  let [rows, columns] = [0, 0];
  for (const [, isRow, attributes = ''] of xml.matchAll(/<(?:\w{1,20}:)?(?:(row)|c)\s([^<>]{0,1000})/g)) {
    const [, letters = '', digits = ''] = /(?:^|\s)r\s?=\s?["']([A-Z]{0,9})(\d{0,15})/.exec(attributes) ?? [];
    rows = Math.max(rows, Number(digits));
    if (isRow === undefined) columns = Math.max(columns, columnOf(letters));
  }
  return rows <= most.rows && rows * Math.max(1, columns) <= most.cells;
}

function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}
