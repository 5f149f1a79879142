/** Pages and files that are read in tests of scrape_and_extract_info. */

/** A picture of one dot. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A tenth of a second of silence. */
export function beep(): Buffer {
  const header = Buffer.from(
    'RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data',
    'latin1',
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(800);
  const sound = Buffer.concat([header, size, Buffer.alloc(800, 128)]);
  sound.writeUInt32LE(sound.length - 8, 4);
  return sound;
}

/** Chapters of filler, with one sentence in chapter 150. */
export function longPage(chapters: number, sentence: string): string {
  const filler = 'Of the many roads that lead through the country few are told of here, and none in full. '.repeat(9);
  const body = Array.from({ length: chapters }, (_, index) => {
    const told = index + 1 === 150 ? `<p>${sentence}</p>` : '';
    return `<h2>Chapter ${index + 1}</h2><p>${filler}</p>${told}`;
  });
  return `<!doctype html><title>Roads</title><article><h1>Roads</h1>${body.join('')}</article>`;
}

/** A page that says how high a tower is. */
export const towerPage = `<!doctype html><title>The tower</title><article><h1>The tower</h1>${'<p>It stands in the old town and is visited by many people every year, in all seasons.</p>'.repeat(8)}<p>The tower is 301 m high.</p></article>`;
