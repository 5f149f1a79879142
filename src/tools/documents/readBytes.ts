/** One document, whatever it is: its kind is told by its bytes, and the reader of that kind reads it. */
import { ToolError } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument } from './document.ts';
import { kindOf, type DocumentKind } from './kinds.ts';

/** Reads in this thread. Throws ToolError where nothing can be read, with the reason. */
export async function readBytes(input: DocumentInput): Promise<ReadDocument> {
  const { kind, lie } = kindOf(input);
  const document = await readAs(kind, input);
  if (lie === undefined) return document;
  return { ...document, notes: [`It was said to be ${lie}, but is ${document.kind}.`, ...document.notes] };
}

/** Each reader is loaded when its first document comes. */
async function readAs(kind: DocumentKind, input: DocumentInput): Promise<ReadDocument> {
  switch (kind) {
    case 'html':
      return (await import('./html.ts')).readHtml(input);
    case 'pdf':
    case 'docx':
    case 'xlsx':
    case 'pptx':
    case 'csv':
    case 'json':
    case 'zip':
    case 'gzip':
    case 'image':
    case 'audio':
    case 'video':
    case 'office':
    case 'binary':
      throw new ToolError(`${input.name} is ${kind}, which is not read.`);
    case 'markdown':
    case 'text':
    case 'code':
      return (await import('./plainText.ts')).readPlainText(input, kind);
  }
}
