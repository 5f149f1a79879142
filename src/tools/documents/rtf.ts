/** Rich Text Format → Markdown: what WordPad, TextEdit and old mail write. */
import type { DocumentInput, ReadDocument } from './document.ts';
import { linksIn } from './links.ts';
import { RtfBlocks } from './rtfBlocks.ts';
import { maxDocumentChars } from './rowsTable.ts';
import { sectionsOf } from './sections.ts';

/** What a group holds: the text, what is no text, or what is said of the document. */
type Content = 'text' | 'nothing' | 'info' | 'title' | 'author' | 'fonts' | 'link' | 'note';

/** What holds within a group of braces. */
interface Group {
  content: Content;
  font: number;
  /** How many characters stand for a `\u` where it is not known. */
  instead: number;
  isDeleted: boolean;
  /** Of the field that the group lies in. */
  readonly field: { instruction: string };
}

const besides: ReadonlySet<string> = new Set(
  'colortbl stylesheet pict header headerl headerr headerf footer footerl footerr footerf objdata themedata datastore rsidtbl listtable listoverridetable filetbl revtbl annotation atnid atnauthor nonesttables falt nonshppict'.split(
    ' ',
  ),
);
const signs: Readonly<Record<string, string>> = {
  ...{ line: '\n', tab: ' ', emdash: '—', endash: '–', bullet: '•', emspace: ' ', enspace: ' ', qmspace: ' ' },
  ...{ lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', '~': ' ', _: '-', '{': '{', '}': '}', '\\': '\\' },
};
/** Charsets of fonts (RTF 1.9.1, `\fcharset`), as decoders call them. */
const charsets: Readonly<Record<number, string>> = {
  ...{ 77: 'macintosh', 128: 'shift_jis', 129: 'euc-kr', 134: 'gbk', 136: 'big5', 161: 'windows-1253' },
  ...{ 162: 'windows-1254', 163: 'windows-1258', 177: 'windows-1255', 178: 'windows-1256', 186: 'windows-1257' },
  ...{ 204: 'windows-1251', 222: 'windows-874', 238: 'windows-1250' },
};
const pages: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  65001: 'utf-8',
  10000: 'macintosh',
};

/** Reads what is there: a broken one ends where it breaks. */
export function readRtf({ bytes }: DocumentInput): ReadDocument {
  const rtf = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const blocks = new RtfBlocks();
  const said = { title: '', author: '' };
  const fonts = new Map<number, string>();
  const groups: Group[] = [];
  let group: Group = { content: 'text', font: -1, instead: 1, isDeleted: false, field: { instruction: '' } };
  let charset = 'windows-1252';
  let [raw, passed, isOptional] = ['', 0, false];
  const say = (text: string) => {
    if (text === '' || group.isDeleted) return;
    if (group.content === 'title' || group.content === 'author') said[group.content] += text;
    else if (group.content === 'link') group.field.instruction += text;
    else if (group.content === 'text' || group.content === 'note') blocks.say(text);
  };
  const flush = () => {
    if (raw !== '') say(decoded(raw, fonts.get(group.font) ?? charset));
    raw = '';
  };
  const open = () => {
    groups.push(group);
    group = { ...group };
  };
  const close = () => {
    const { content, field } = group;
    group = groups.pop() ?? { ...group, content: 'nothing' };
    if (content === 'note' && group.content !== 'note') blocks.endNote();
    if (content === 'text' && field !== group.field)
      blocks.endLink(/HYPERLINK\s+"?(https?:[^"\s]+)/i.exec(field.instruction)?.[1]);
  };
  const word = (name: string, value: number | undefined) => {
    const wasOptional = isOptional;
    isOptional = false;
    if (name === 'info') group.content = 'info';
    else if (group.content === 'info') group.content = name === 'title' || name === 'author' ? name : 'nothing';
    else if (name === 'fonttbl') group.content = 'fonts';
    else if (name === 'fldinst') group.content = 'link';
    else if (name === 'field') {
      group = { ...group, field: { instruction: '' } };
      blocks.beginLink();
    } else if (name === 'footnote' && group.content === 'text') {
      group.content = 'note';
      blocks.beginNote();
    } else if (name === 'listtext' || name === 'pntext') {
      if (group.content === 'text') blocks.beginItem();
      group.content = 'nothing';
    } else if (besides.has(name) || (wasOptional && name !== 'shppict')) group.content = 'nothing';
    else if (name === 'f') group.font = value ?? 0;
    else if (name === 'fcharset') {
      const own = charsets[value ?? 0];
      if (own !== undefined) fonts.set(group.font, own);
    } else if (name === 'ansicpg' && value !== undefined) charset = pages[value] ?? `windows-${value}`;
    else if (name === 'mac') charset = 'macintosh';
    else if (name === 'uc') group.instead = value ?? 1;
    else if (name === 'deleted') group.isDeleted = value !== 0;
    else if (name === 'u') {
      if (value !== undefined) say(String.fromCharCode(value & 0xffff));
      passed = value === undefined ? 0 : group.instead;
    } else if (signs[name] !== undefined) say(signs[name]);
    else if (group.content === 'text' || group.content === 'note') blocks.control(name, value);
  };
  const token = /\\([a-z]+)(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/giy;
  for (let found = token.exec(rtf); found; found = token.exec(rtf)) {
    const [, name, value, hex, sign, brace, text] = found;
    if (hex !== undefined || text !== undefined) {
      const own = hex === undefined ? (text ?? '') : String.fromCharCode(Number.parseInt(hex, 16));
      raw += own.slice(passed);
      passed = Math.max(0, passed - own.length);
      continue;
    }
    if (name === undefined && sign === undefined && brace === undefined) continue;
    flush();
    passed = 0;
    if (brace === '{') open();
    else if (brace === '}') close();
    else if (sign === '*') isOptional = true;
    else if (sign !== undefined) word(/[\r\n]/.test(sign) ? 'par' : sign, undefined);
    else if (name === 'bin') token.lastIndex += Math.max(0, Number(value ?? 0));
    else if (name !== undefined) word(name, value === undefined ? undefined : Number(value));
  }
  flush();
  const whole = blocks.ended();
  const [markdown, cut] = [whole.slice(0, maxDocumentChars), whole.length > maxDocumentChars];
  return {
    kind: 'rtf',
    ...(said.title.trim() && { title: said.title.trim() }),
    ...(said.author.trim() && { author: said.author.trim() }),
    ...{ text: markdown, sections: sectionsOf(markdown), links: linksIn(markdown) },
    notes: cut ? [`Only the first ${markdown.length} of ${whole.length} characters are here.`] : [],
    ...(cut && { cut }),
  };
}

function decoded(raw: string, charset: string): string {
  try {
    return new TextDecoder(charset).decode(Buffer.from(raw, 'latin1'));
  } catch {
    return raw;
  }
}
