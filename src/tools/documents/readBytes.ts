/** One document, whatever it is: its kind is told by its bytes, and the reader of that kind reads it. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ToolError } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument } from './document.ts';
import { endingOf, kindOf, type DocumentKind } from './kinds.ts';
import { unpackBudget, type UnpackBudget } from './unpacking.ts';

/** Of what a gzip file may unpack to. */
const maxUnpackedBytes = 128_000_000;

/** Reads in this thread. Throws ToolError where nothing can be read, with the reason. `depth`: archives around it. */
export async function readBytes(input: DocumentInput, depth = 0, budget = unpackBudget()): Promise<ReadDocument> {
  if (input.bytes.length === 0) return { kind: 'text', text: '', sections: [], links: [], notes: ['It is empty.'] };
  const { kind, lie } = kindOf(input);
  const document = await readAs(kind, input, depth, budget);
  if (lie === undefined) return document;
  return { ...document, notes: [`It was said to be ${lie}, but is ${document.kind}.`, ...document.notes] };
}

/** Each reader is loaded when its first document comes. */
async function readAs(
  kind: DocumentKind,
  input: DocumentInput,
  depth: number,
  budget: UnpackBudget,
): Promise<ReadDocument> {
  switch (kind) {
    case 'html':
      return (await import('./html.ts')).readHtml(input);
    case 'pdf':
      return (await import('./pdf.ts')).readPdf(input);
    case 'docx':
      return (await import('./docx.ts')).readDocx(input, budget);
    case 'xlsx':
      return (await import('./xlsx.ts')).readXlsx(input, budget);
    case 'pptx':
      return (await import('./pptx.ts')).readPptx(input, budget);
    case 'odt':
    case 'ods':
    case 'odp':
      return (await import('./openDocument.ts')).readOpenDocument(input, kind, budget);
    case 'epub':
      return (await import('./epub.ts')).readEpub(input, budget);
    case 'rtf':
      return (await import('./rtf.ts')).readRtf(input);
    case 'csv':
      return (await import('./csv.ts')).readCsv(input);
    case 'json':
      return (await import('./jsonText.ts')).readJson(input);
    case 'zip':
      return (await import('./zip.ts')).readZip(input, depth, budget, readBytes);
    case 'gzip':
      return readGzip(input, depth, budget);
    case 'image':
      return (await import('./media.ts')).readImage(input);
    case 'audio':
    case 'video':
      return (await import('./media.ts')).readMedia(input, kind);
    case 'office':
      throw new ToolError(
        `${input.name} is an Office file of before 2007 or a locked one. Convert it to docx, xlsx, pptx or PDF first.`,
      );
    case 'binary':
      return (await import('./media.ts')).readBinary(input);
    case 'markdown':
    case 'text':
    case 'code':
      return (await import('./plainText.ts')).readPlainText(input, kind);
  }
}

/** What is packed, read by its own format. */
async function readGzip(input: DocumentInput, depth: number, budget: UnpackBudget): Promise<ReadDocument> {
  if (depth >= 3) throw new ToolError(`${input.name} is packed too many times.`);
  const maxOutputLength = Math.max(1, Math.min(maxUnpackedBytes, budget.bytes));
  const bytes = await promisify(gunzip)(input.bytes, { maxOutputLength }).catch((error: unknown) => {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw new ToolError(`${input.name} could not be unpacked: ${tooLarge ? 'it grows without end' : 'it is broken'}.`);
  });
  budget.bytes -= bytes.length;
  const name = endingOf(input.name) === 'gz' ? input.name.slice(0, -3) : input.name;
  const document = await readBytes({ ...input, bytes, name }, depth + 1, budget);
  return { ...document, notes: ['It was packed with gzip.', ...document.notes] };
}
