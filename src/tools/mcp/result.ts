/** What a foreign tool gave back, as an observation: delimited, since it is from outside. */
import { z } from 'zod';
import { foreign } from '../../agent/foreign.ts';
import type { FoundSource, Picture, ToolOutput } from '../../agent/tool.ts';
import { showControls } from '../../shared/visibleText.ts';

const resourceSchema = z.object({
  uri: z.string(),
  mimeType: z.string().optional().catch(undefined),
  text: z.string().optional(),
  blob: z.string().optional(),
});
const blockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), data: z.string(), mimeType: z.string() }),
  z.object({ type: z.literal('audio'), data: z.string(), mimeType: z.string() }),
  z.object({ type: z.literal('resource'), resource: resourceSchema }),
  z.object({
    type: z.literal('resource_link'),
    uri: z.string(),
    name: z.string().optional(),
    description: z.string().optional().catch(undefined),
  }),
]);
type Block = z.infer<typeof blockSchema>;

const resultSchema = z.looseObject({
  content: z.array(z.unknown()).default([]).catch([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false).catch(false),
});

/** What is shown of a picture to a model that sees. */
const pictureTypes = /^image\/(?:png|jpeg|gif|webp)$/;
const maxPictures = 8;
const maxPictureChars = 15_000_000;

/** `from`: what is said of where it comes from; `now` dates what can be cited. */
export function observed(result: unknown, from: string, now: number): ToolOutput {
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) return { content: `${from} answered with something that is no result.`, outcome: 'failed' };
  const { content, structuredContent, isError } = parsed.data;
  const blocks = content.map((block) => blockSchema.safeParse(block).data);
  const pictures = blocks.flatMap((block, index) => (block?.type === 'image' ? pictureOf(block, from, index) : []));
  const images = pictures.slice(0, maxPictures);
  const texts = blocks.map((block) => (block ? wordsOf(block) : '[content of a kind that is not known]'));
  const hasText = blocks.some((block) => block?.type === 'text' && block.text.trim() !== '');
  if (structuredContent !== undefined && !hasText) texts.push(JSON.stringify(structuredContent, null, 2));
  const text = showControls(texts.filter((one) => one !== '').join('\n\n'));
  const sources = blocks.flatMap((block) => (block ? sourceOf(block, now) : []));
  return {
    content: text === '' ? `${from} gave an empty result.` : foreign(from, text),
    ...(isError && { outcome: 'failed' as const }),
    ...(images.length > 0 && { images }),
    ...(sources.length > 0 && { sources }),
  };
}

function wordsOf(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
      return `[picture, ${block.mimeType}${pictureTypes.test(block.mimeType) ? '' : ', cannot be shown'}]`;
    case 'audio':
      return `[sound, ${block.mimeType}, cannot be heard]`;
    case 'resource': {
      const { uri, text, mimeType } = block.resource;
      return `Resource ${uri}:\n${text ?? `[${mimeType ?? 'binary data'}, cannot be shown]`}`;
    }
    case 'resource_link': {
      const { uri, name, description } = block;
      return `Link to ${name ?? 'a resource'}: ${uri}${description === undefined ? '' : `\n${description}`}`;
    }
  }
}

function pictureOf({ data, mimeType }: Extract<Block, { type: 'image' }>, from: string, index: number): Picture[] {
  if (!pictureTypes.test(mimeType) || data.length > maxPictureChars) return [];
  const bytes = Buffer.from(data, 'base64');
  return bytes.length === 0 ? [] : [{ bytes, mimeType, path: `${from} ${index + 1}.${mimeType.slice(6)}` }];
}

/** A resource with text can be cited; a link was only named. */
function sourceOf(block: Block, now: number): FoundSource[] {
  if (block.type !== 'resource' || !block.resource.text) return [];
  const { uri, text } = block.resource;
  return [{ uri: showControls(uri), kind: 'page', retrievedAt: now, text, spans: [] }];
}
