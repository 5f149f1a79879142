/** A small chart as a PNG file, drawn here. */
import { crc32, deflateSync } from 'node:zlib';

/** A curve over a grid. */
export function chartPng(width: number, height: number): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height, 255);
  const put = (x: number, y: number, colour: readonly [number, number, number]) => {
    rows.set(colour, y * (width * 3 + 1) + 1 + x * 3);
  };
  for (let y = 0; y < height; y++) {
    rows[y * (width * 3 + 1)] = 0;
    for (let x = 0; x < width; x++) if (x % 40 === 0 || y % 40 === 0) put(x, y, [225, 225, 225]);
  }
  for (let step = 0; step < width * 8; step++) {
    const x = step / 8;
    const y = height / 2 - Math.sin(x / 40) * height * 0.4;
    for (let thick = 0; thick < 3; thick++)
      put(Math.floor(x), Math.min(height - 1, Math.floor(y) + thick), [31, 119, 180]);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
