/** Members written as a zip that is not compressed: what was unpacked within limits is handed to libraries that know of none. */
import { crc32 } from 'node:zlib';

/** A zip of members, each with its path. */
export function storedZip(members: ReadonlyMap<string, Uint8Array>): Buffer {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const [path, content] of members) {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    // Version 2.0, names in UTF-8, stored, the first day that the format knows.
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    local.push(Buffer.from('PK\x03\x04'), common, name, content);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00'), common, place, name);
    at += 4 + common.length + name.length + content.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.size, 4);
  end.writeUInt16LE(members.size, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...local, ...central, Buffer.from('PK\x05\x06'), end]);
}
