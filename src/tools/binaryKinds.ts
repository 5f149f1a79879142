/** What a file is that holds no text, by its first bytes. */

const kinds: readonly (readonly [start: string, kind: string, offset?: number])[] = [
  ['%PDF-', 'PDF'],
  ['\x89PNG\r\n', 'PNG image'],
  ['\xff\xd8\xff', 'JPEG image'],
  ['GIF87a', 'GIF image'],
  ['GIF89a', 'GIF image'],
  ['WEBP', 'WebP image', 8],
  ['WAVE', 'WAV audio', 8],
  ['AVI ', 'AVI video', 8],
  ['II*\0', 'TIFF image'],
  ['MM\0*', 'TIFF image'],
  ['ftypavif', 'AVIF image', 4],
  ['ftyphei', 'HEIF image', 4],
  ['ftyp', 'MP4 or MOV video', 4],
  ['\x1aE\xdf\xa3', 'Matroska or WebM video'],
  ['OggS\0', 'Ogg audio or video'],
  ['fLaC\0', 'FLAC audio'],
  ['ID3\x02', 'MP3 audio'],
  ['ID3\x03', 'MP3 audio'],
  ['ID3\x04', 'MP3 audio'],
  ['PK\x03\x04', 'ZIP archive or Office document'],
  ['PK\x05\x06', 'ZIP archive, empty'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'old Office document'],
  ['\x1f\x8b', 'gzip archive'],
  ['BZh91AY&SY', 'bzip2 archive'],
  ['\xfd7zXZ', 'xz archive'],
  ['7z\xbc\xaf\x27\x1c', '7z archive'],
  ['Rar!\x1a\x07', 'RAR archive'],
  ['\x28\xb5\x2f\xfd', 'zstd archive'],
  ['ustar', 'tar archive', 257],
  ['\x7fELF', 'program'],
  ['\xcf\xfa\xed\xfe', 'program'],
  ['\xca\xfe\xba\xbe', 'Java class or program'],
  ['\0asm', 'WebAssembly'],
  ['SQLite format 3\0', 'SQLite database'],
  ['\x93NUMPY', 'NumPy array'],
  ['\x89HDF\r\n', 'HDF5 data'],
  ['PAR1\x15', 'Parquet table'],
  ['ARROW1\0', 'Arrow table'],
  ['wOFF\0', 'font'],
  ['wOF2\0', 'font'],
];

/** "PNG image"; undefined where the bytes are nothing known. */
export function binaryKind(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, 300)).toString('latin1');
  return kinds.find(([start, , offset = 0]) => text.startsWith(start, offset))?.[1];
}
