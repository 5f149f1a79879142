/** How an answer can come: whole, compressed, broken, late, never, without end. */
import { setInterval as every } from 'node:timers';
import * as zlib from 'node:zlib';
import type { Answer } from './faultyServer.ts';

const packers: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  'deflate-raw': (bytes) => zlib.deflateRawSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }),
  zstd: (bytes) => zlib.zstdCompressSync(bytes),
};

const text = 'The quick brown fox. '.repeat(50);
/** What the readable ones of these say. */
export const wholeText = text;

function packed(name: string, bytes: Buffer): Buffer {
  return name.split('+').reduce((all, part) => packers[part]?.(all) ?? all, bytes);
}

function coding(name: string): string {
  return name.replace('-raw', '').split('+').join(', ');
}

/** First part of the path, the rest as said. */
export const faultyBodies: Readonly<Record<string, Answer>> = {
  // /encoded/gzip, br, deflate, deflate-raw, zstd, gzip+br
  encoded: ({ response, rest }) =>
    response
      .writeHead(200, { 'content-type': 'text/plain', 'content-encoding': coding(rest) })
      .end(packed(rest, Buffer.from(text))),
  // /bomb/gzip: 64 MB of nothing
  bomb: ({ response, rest }) =>
    response
      .writeHead(200, { 'content-type': 'text/html', 'content-encoding': coding(rest) })
      .end(packed(rest, Buffer.alloc(64_000_000))),
  // It says gzip, and is text.
  'not-gzip': ({ response }) =>
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(text),
  // Compressed data that stops in the middle, as if that were all.
  'cut-gzip': ({ response }) => {
    const bytes = zlib.gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, at) => at * 7919).join(' ')));
    response
      .writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
      .end(bytes.subarray(0, bytes.length / 2));
  },
  'odd-coding': ({ response }) =>
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'rot13' }).end(text),
  // Never ends, as fast as it is read.
  endless: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
    };
    response.on('drain', more);
    more();
  },
  // A few bytes now and then, for ever.
  drip: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('drop ');
    const timer = every(() => response.write('drop '), 20);
    response.once('close', () => {
      clearInterval(timer);
    });
  },
  // Begins, and stops.
  stalls: ({ response }) => response.writeHead(200, { 'content-type': 'text/plain' }).write('one word'),
  // Takes the request and says nothing.
  silent: () => undefined,
  // Says 1000 bytes, sends 9 and hangs up.
  half: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
    response.write('nine byte', () => response.destroy());
  },
  // Hangs up without a word; /reset/N does so N times.
  reset: ({ request, response, rest, before }) => {
    if (rest !== '' && before >= Number(rest)) response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
    else request.socket.resetAndDestroy();
  },
  // 200 KB of headers.
  flood: ({ request }) => {
    const lines = Array.from({ length: 2000 }, (_, at) => `x-flood-${at}: ${'y'.repeat(90)}`).join('\r\n');
    request.socket.end(`HTTP/1.1 200 OK\r\n${lines}\r\n\r\nbody`);
  },
  // A chunk's length that is no number.
  chunking: ({ request }) => {
    request.socket.end(
      'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\nworld\r\n0\r\n\r\n',
    );
  },
  // Another protocol.
  'not-http': ({ request }) => {
    request.socket.end('220 mail.test ESMTP ready\r\n');
  },
  // Longer than its content-length.
  longer: ({ request }) => {
    request.socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\nfour and more');
  },
};
