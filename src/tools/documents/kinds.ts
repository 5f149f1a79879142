/** What a document is: by its bytes, then by its media type, then by its name. */
import { looksLikeText } from './charset.ts';
import type { DocumentInput } from './document.ts';

/** What the readers tell apart. `office` is a Word, Excel or PowerPoint file of before 2007. */
export type DocumentKind =
  | 'html'
  | 'pdf'
  | 'docx'
  | 'xlsx'
  | 'pptx'
  | 'odt'
  | 'ods'
  | 'odp'
  | 'epub'
  | 'rtf'
  | 'csv'
  | 'json'
  | 'zip'
  | 'gzip'
  | 'markdown'
  | 'text'
  | 'code'
  | 'image'
  | 'audio'
  | 'video'
  | 'office'
  | 'binary';

/** A kind, and what was said instead where the bytes are another. */
export interface KindOf {
  readonly kind: DocumentKind;
  /** The media type or ending that the bytes contradict. */
  readonly lie?: string;
}

const signatures: readonly (readonly [start: string, kind: DocumentKind, offset?: number])[] = [
  ['\x89PNG\r\n', 'image'],
  ['\xff\xd8\xff', 'image'],
  ['GIF8', 'image'],
  ['WEBP', 'image', 8],
  ['II*\0', 'image'],
  ['MM\0*', 'image'],
  ['ftypavif', 'image', 4],
  ['ftyphei', 'image', 4],
  ['ftypmif1', 'image', 4],
  ['\0\0\x01\0', 'image'],
  ['8BPS', 'image'],
  ['\0\0\0\x0cJXL ', 'image'],
  ['WAVE', 'audio', 8],
  ['ftypM4A', 'audio', 4],
  ['OggS', 'audio'],
  ['fLaC', 'audio'],
  ['ID3', 'audio'],
  ['FORM', 'audio'],
  ['\xff\xfb', 'audio'],
  ['\xff\xf3', 'audio'],
  ['\xff\xf2', 'audio'],
  ['\xff\xf1', 'audio'],
  ['\xff\xf9', 'audio'],
  ['AVI ', 'video', 8],
  ['ftyp', 'video', 4],
  ['\x1aE\xdf\xa3', 'video'],
  ['FLV\x01', 'video'],
  ['\0\0\x01\xba', 'video'],
  ['\0\0\x01\xb3', 'video'],
  ['\x1f\x8b', 'gzip'],
  ['{\\rtf', 'rtf'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'office'],
];

const endings: Readonly<Record<string, DocumentKind>> = {
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  pdf: 'pdf',
  docx: 'docx',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
  xltx: 'xlsx',
  docm: 'docx',
  pptx: 'pptx',
  pptm: 'pptx',
  odt: 'odt',
  ott: 'odt',
  ods: 'ods',
  ots: 'ods',
  odp: 'odp',
  epub: 'epub',
  rtf: 'rtf',
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  geojson: 'json',
  ipynb: 'json',
  zip: 'zip',
  gz: 'gzip',
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  text: 'text',
  log: 'text',
  rst: 'text',
  tex: 'text',
  svg: 'code',
  xls: 'office',
  doc: 'office',
  ppt: 'office',
};

const images = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'tif', 'tiff', 'bmp', 'avif', 'heic', 'ico'];
const sounds = ['mp3', 'wav', 'ogg', 'oga', 'opus', 'flac', 'm4a', 'aac', 'aiff'];
const films = ['mp4', 'm4v', 'mov', 'webm', 'mkv', 'avi', 'mpg', 'mpeg'];
/** Endings of programs and settings: their text is shown as code. */
const languages =
  /^(?:[cm]?[jt]sx?|py|pyi|rb|rs|go|java|kt|kts|scala|c|h|cc|cpp|hpp|cs|swift|m|mm|php|pl|pm|r|jl|lua|sh|bash|zsh|fish|ps1|bat|sql|css|scss|less|vue|svelte|yaml|yml|toml|ini|cfg|conf|xml|xsl|proto|graphql|tf|dart|ex|exs|erl|hs|ml|mli|clj|el|lisp|vim|asm|s|f90|f|v|vhd|zig|nim|diff|patch|makefile|dockerfile|cmake|gradle|properties|bib)$/;

/** What a document is. The bytes are believed before the type and the name, which break a tie between kinds of text. */
export function kindOf({ bytes, name, type = '' }: DocumentInput): KindOf {
  const media = (type.split(';')[0] ?? '').trim().toLowerCase();
  const said = kindOfType(media) ?? kindOfName(name);
  const found = kindOfBytes(bytes, said);
  if (found === undefined) return { kind: textKind(bytes, media, name, said) };
  const lies = said !== undefined && !fits(said, found);
  return lies ? { kind: found, lie: media !== '' ? media : `.${endingOf(name)}` } : { kind: found };
}

/** The ending of a name, lower case, without its dot; the whole name of `Makefile` and `Dockerfile`. */
export function endingOf(name: string): string {
  const last = (name.split(/[\\/]/).at(-1) ?? '').replace(/[?#].*$/s, '').toLowerCase();
  return last.includes('.') ? (last.split('.').at(-1) ?? '') : /^(?:make|docker)file$/.test(last) ? last : '';
}

function kindOfBytes(bytes: Uint8Array, said: DocumentKind | undefined): DocumentKind | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  // Anything may stand before a PDF's beginning, within its first 1,024 bytes.
  const pdf = head.indexOf('%PDF-');
  if (pdf === 0 || (pdf > 0 && bytes.includes(0))) return 'pdf';
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return zipKind(bytes, said);
  const signature = signatures.find(
    ([start, kind, offset = 0]) => head.startsWith(start, offset) && (kind === 'rtf' || !isPlain(start, bytes)),
  );
  if (signature) return signature[1];
  if (/^BM.{4}\0\0\0\0/s.test(head)) return 'image';
  return looksLikeText(bytes) ? undefined : 'binary';
}

/** Signatures of letters can be the first words of a text. */
function isPlain(start: string, bytes: Uint8Array): boolean {
  return /^[\x20-\x7e]+$/.test(start) && looksLikeText(bytes);
}

/** Office files are zips: the names of their members stand plainly in them, and what they are in those of OpenDocument and EPUB. */
function zipKind(bytes: Uint8Array, said: DocumentKind | undefined): DocumentKind {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [, told] = /^mimetype(application\/[\w.+-]+)/.exec(buffer.toString('latin1', 30, 200)) ?? [];
  if (told !== undefined) return kindOfType(told.replace(/PK$/, '')) ?? 'zip';
  // A program may have packed that, too.
  const isOpen = said === 'odt' || said === 'ods' || said === 'odp';
  if (isOpen && buffer.includes('content.xml')) return said;
  if (said === 'epub' && buffer.includes('META-INF/container.xml')) return said;
  if (!buffer.includes('[Content_Types].xml')) return 'zip';
  if (buffer.includes('word/document')) return 'docx';
  if (buffer.includes('xl/workbook')) return 'xlsx';
  return buffer.includes('ppt/presentation') ? 'pptx' : 'zip';
}

function textKind(bytes: Uint8Array, media: string, name: string, said: DocumentKind | undefined): DocumentKind {
  const start = Buffer.from(bytes.subarray(0, 4096)).toString('latin1').replaceAll('\0', '');
  const head = start.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*/, '');
  const markup = /^(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])/is.test(head);
  const loose = /^<(?:head|body|title|meta|table|div|p|h1|script)[\s>]/i.test(head) && endingOf(name) !== 'md';
  const plainly = said === 'code' || said === 'csv' || said === 'json' || said === 'markdown' || said === 'text';
  if (markup && !(said === 'code' && endingOf(name) === 'php')) return 'html';
  if (loose && !plainly) return 'html';
  if (said === 'json' || said === 'csv' || said === 'markdown' || said === 'code') return said;
  if (said === 'html') return /<\/?[a-z][^>]*>/i.test(head) ? 'html' : 'text';
  // Servers say text/plain of programs and tables: the name knows more.
  const named = kindOfName(name);
  if (media === 'text/plain' && (named === 'csv' || named === 'json' || named === 'markdown' || named === 'code'))
    return named;
  return /^[[{]/.test(head) && isJson(bytes) ? 'json' : 'text';
}

function isJson(bytes: Uint8Array): boolean {
  if (bytes.length > 20_000_000) return false;
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function kindOfName(name: string): DocumentKind | undefined {
  const ending = endingOf(name);
  if (images.includes(ending)) return 'image';
  if (sounds.includes(ending)) return 'audio';
  if (films.includes(ending)) return 'video';
  return languages.test(ending) ? 'code' : Object.hasOwn(endings, ending) ? endings[ending] : undefined;
}

function kindOfType(media: string): DocumentKind | undefined {
  if (/^(?:text\/html|application\/xhtml\+xml)$/.test(media)) return 'html';
  if (/[/+](?:json|x-ndjson|jsonl(?:ines)?|geo\+json)$/.test(media)) return 'json';
  if (/^text\/(?:csv|tab-separated-values)$/.test(media)) return 'csv';
  if (/^text\/(?:x-)?markdown$/.test(media)) return 'markdown';
  if (media === 'image/svg+xml' || /[/+]xml$|^text\/css$|javascript$|^text\/x-/.test(media)) return 'code';
  if (media === 'application/pdf') return 'pdf';
  if (media === 'application/zip') return 'zip';
  if (media === 'application/epub+zip') return 'epub';
  if (media.includes('opendocument.text')) return 'odt';
  if (media.includes('opendocument.spreadsheet')) return 'ods';
  if (media.includes('opendocument.presentation')) return 'odp';
  if (/^(?:application|text)\/rtf$/.test(media)) return 'rtf';
  if (media.includes('wordprocessingml')) return 'docx';
  if (media.includes('spreadsheetml')) return 'xlsx';
  if (media.includes('presentationml')) return 'pptx';
  if (/^application\/(?:msword|vnd\.ms-(?:excel|powerpoint))$/.test(media)) return 'office';
  if (media.startsWith('image/')) return 'image';
  if (media.startsWith('audio/')) return 'audio';
  return media.startsWith('video/') ? 'video' : undefined;
}

/** Containers that one kind of bytes is commonly called by another's name. */
function fits(said: DocumentKind, found: DocumentKind): boolean {
  if (said === found || found === 'binary') return true;
  if (found === 'gzip') return true;
  return (said === 'audio' && found === 'video') || (said === 'video' && found === 'audio');
}
