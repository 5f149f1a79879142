/** Pictures, sound and films → what can be told of them without seeing or hearing: format, size, length, tags. */
import { imageSize } from 'image-size';
import { parseBuffer } from 'music-metadata';
import { binaryKind } from '../binaryKinds.ts';
import type { DocumentInput, ReadDocument } from './document.ts';

/** A picture's format and size; nothing of where and when it was taken. */
export function readImage({ bytes }: DocumentInput): ReadDocument {
  try {
    const { width, height, type, images } = imageSize(bytes);
    const frames = images !== undefined && images.length > 1 ? `, ${images.length} sizes` : '';
    return told(
      'image',
      `A picture: ${(type ?? 'unknown format').toUpperCase()}, ${width} × ${height} pixels${frames}, ${bytes.length} bytes.`,
    );
  } catch {
    return told(
      'image',
      `A picture (${binaryKind(bytes) ?? 'unknown format'}), ${bytes.length} bytes.`,
      'Its size could not be told: it may be broken.',
    );
  }
}

/** Length, codecs and tags of sound or a film. */
export async function readMedia({ bytes, type }: DocumentInput, kind: 'audio' | 'video'): Promise<ReadDocument> {
  const noun = kind === 'audio' ? 'A sound recording' : 'A film';
  try {
    const { format, common } = await parseBuffer(bytes, type ?? '', { duration: true, skipCovers: true });
    const film = format.hasVideo ?? kind === 'video';
    const facts = [
      format.container,
      format.codec,
      format.duration === undefined ? undefined : `${clock(format.duration)} (h:mm:ss)`,
      format.sampleRate === undefined ? undefined : `${format.sampleRate} Hz`,
      format.numberOfChannels === undefined
        ? undefined
        : `${format.numberOfChannels} channel${format.numberOfChannels === 1 ? '' : 's'}`,
      `${bytes.length} bytes`,
    ].filter((fact) => fact !== undefined);
    const { title, artist, album, year, comment, description } = common;
    const tags = Object.entries({
      artist,
      album,
      year,
      comment: comment?.map(({ text }) => text).join('; '),
      description: description?.join('; '),
    })
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => `\n- ${name}: ${String(value).slice(0, 2000)}`);
    const text = `${film ? 'A film' : 'A sound recording'}: ${facts.join(', ')}.${title === undefined ? '' : `\n- title: ${title}`}${tags.join('')}`;
    return {
      ...told(film ? 'video' : 'audio', text),
      ...(title === undefined ? {} : { title }),
      ...(artist === undefined ? {} : { author: artist }),
      ...(year === undefined ? {} : { published: String(year) }),
    };
  } catch {
    return told(
      kind,
      `${noun} (${binaryKind(bytes) ?? 'unknown format'}), ${bytes.length} bytes.`,
      'Its length could not be told: it may be broken.',
    );
  }
}

/** Bytes that hold no text, by their first ones. */
export function readBinary({ bytes, name }: DocumentInput): ReadDocument {
  return told(
    'binary',
    `${name}: ${binaryKind(bytes) ?? 'data of an unknown format'}, ${bytes.length} bytes.`,
    'It holds no text that can be read.',
  );
}

function told(kind: string, text: string, ...notes: readonly string[]): ReadDocument {
  return { kind, text, sections: [], links: [], notes };
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
