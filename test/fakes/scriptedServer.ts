/** An OpenAI-compatible server on loopback that plays a script: the one thing that tests fake is a model's weights. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { parseJson } from '../../src/shared/json.ts';
import { deferred, type Deferred } from './deferred.ts';
import { flavourAnswer, type ServedModel, type ServerKind } from './flavours.ts';
import { playReply } from './playReply.ts';
import type { RecordedRequest, Reply, Step } from './script.ts';

export { call, nativeCall, type RecordedRequest, type Reply, type Step } from './script.ts';

/** What a scripted server is and says. */
export interface ScriptedServerOptions {
  /** One step for each chat completion, in order. After the last: 500, unless `repeatLast`. */
  readonly script: readonly Step[];
  readonly repeatLast?: boolean;
  /** Default: one model `scripted` with a window of 262,144 tokens. */
  readonly models?: readonly ServedModel[];
  /** Which server's other endpoints it has; default `openai`: none. */
  readonly kind?: ServerKind;
  /** Requests without this key are answered with 401. */
  readonly apiKey?: string;
  /** Default: any that is free. */
  readonly port?: number;
}

export interface ScriptedServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The URL with `/v1`, as clients are configured with. */
  readonly baseUrl: string;
  readonly port: number;
  /** Chat completions so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Everything else that was asked, oldest first: `POST /tokenize`, say. */
  readonly asked: readonly { readonly request: string; readonly body: Readonly<Record<string, unknown>> }[];
  /** Settles with the request of that index as soon as it has arrived. */
  readonly request: (index: number) => Promise<RecordedRequest>;
  /** Ends every connection and the server. */
  readonly close: () => Promise<void>;
}

/** Starts a server; the caller closes it. */
export async function scriptedServer(options: ScriptedServerOptions): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const asked: ScriptedServer['asked'][number][] = [];
  const waiting = new Map<number, Deferred<RecordedRequest>>();
  const arrived = (index: number) => {
    const known = waiting.get(index) ?? deferred<RecordedRequest>();
    waiting.set(index, known);
    return known;
  };
  const server = createServer((incoming, response) => {
    void answer(incoming, response).catch((error: unknown) => response.destroy(toError(error)));
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(incoming);
    const path = (incoming.url ?? '/').replace(/\?.*/, '');
    if (options.apiKey !== undefined && incoming.headers.authorization !== `Bearer ${options.apiKey}`) {
      json(response, 401, { error: { message: 'Unauthorized', type: 'invalid_request_error' } });
      return;
    }
    if (incoming.method !== 'POST' || path !== '/v1/chat/completions') {
      const models = options.models ?? [{ id: 'scripted', contextWindow: 262_144 }];
      const request = `${incoming.method ?? ''} ${path}`;
      const body = parseJson(bytes.toString()) ?? {};
      asked.push({ request, body });
      const found = flavourAnswer(options.kind ?? 'openai', models, request, body);
      json(response, found === undefined ? 404 : 200, found ?? { detail: 'Not Found' });
      return;
    }
    const hanging = deferred<undefined>();
    const closed = new Promise<'finished' | 'aborted'>((resolve) =>
      response.once('close', () => resolve(response.writableFinished ? 'finished' : 'aborted')),
    );
    const index = requests.length;
    let text: string | undefined;
    let parsed: RecordedRequest['body'] | undefined;
    const request: RecordedRequest = {
      index,
      model: /"model":"([^"]*)"/.exec(bytes.toString('utf8', 0, 2_000))?.[1] ?? '',
      // A long prompt is only read where a script or a test looks at it.
      get text() {
        return (text ??= bytes.toString());
      },
      get body() {
        return (parsed ??= parseJson(this.text) ?? {});
      },
      headers: incoming.headers,
      hanging: hanging.promise,
      closed,
    };
    requests.push(request);
    arrived(index).resolve(request);
    await playReply(await reply(request), request, response, () => hanging.resolve(undefined));
  }

  async function reply(request: RecordedRequest): Promise<Reply> {
    const last = options.repeatLast ? options.script.at(-1) : undefined;
    const step = options.script[request.index] ?? last;
    if (step) return typeof step === 'function' ? await step(request) : step;
    const message = `The script has ${options.script.length} steps; this is request ${request.index + 1}.`;
    return { status: 500, body: { error: { message, type: 'script_exhausted' } } };
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    baseUrl: `${url}/v1`,
    port,
    requests,
    asked,
    request: (index) => arrived(index).promise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
