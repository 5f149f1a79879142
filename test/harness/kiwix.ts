/** kiwix-serve on a library that is made on the spot, with a full-text index. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import { copyDocumentation } from './documentation.ts';
import { startServer, type LocalServer } from './localServer.ts';

/** A book of the library: Python's questions, said to be in this language (three letters). */
export interface Book {
  readonly name: string;
  readonly language: string;
}

/** Makes one ZIM file a book with zimwriterfs and serves them all. `root`: `/wiki`, say, as people put it below a path. */
export async function startKiwix(
  books: readonly Book[] = [{ name: 'faq', language: 'eng' }],
  { root = '', index = true }: { readonly root?: string; readonly index?: boolean } = {},
): Promise<LocalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kiwix-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const pages = join(folder, 'pages');
    await copyDocumentation(pages);
    await writeFile(join(pages, 'illustration.png'), plainPng(48));
    const files: string[] = [];
    for (const { name, language } of books) {
      const file = join(folder, `${name}.zim`);
      const about = ['-t', `Python ${name}`, '-d', 'Questions', '-c', 'Python', '-p', 'Debian', '-n', name];
      const what = ['-w', 'index.html', '-I', 'illustration.png', '-l', language, ...about];
      await promisify(execFile)('zimwriterfs', [...what, ...(index ? [] : ['-j']), pages, file]);
      files.push(file);
    }
    const below = root === '' ? [] : ['-r', root];
    const server = await startServer(
      (port) => ['kiwix-serve', '-i', '127.0.0.1', '-p', String(port), '-t', '2', ...below, ...files],
      { ready: `${root}/catalog/v2/entries` },
    );
    return {
      url: `${server.url}${root}`,
      close: async () => {
        await server.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A grey square: a library wants a picture. */
function plainPng(size: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const whole = Buffer.alloc(body.length + 8);
    whole.writeUInt32BE(data.length, 0);
    body.copy(whole, 4);
    whole.writeUInt32BE(crc32(body), body.length + 4);
    return whole;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 8;
  const rows = Buffer.alloc(size * (size + 1), 128).map((value, at) => (at % (size + 1) === 0 ? 0 : value));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = chunk('IDAT', deflateSync(rows));
  return Buffer.concat([signature, chunk('IHDR', header), data, chunk('IEND', Buffer.alloc(0))]);
}
