/**
 * The scripted server as a process: `node test/fakes/serve.ts SCRIPT.json [--port N]`. The file holds a list of replies, or
 * {script, repeatLast?, models?, kind?, apiKey?}. Prints the base URL; ends with its standard input's or the process's end.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { replySchema } from './script.ts';
import { scriptedServer } from './scriptedServer.ts';

const fileSchema = z.union([
  z.array(replySchema).transform((script) => ({ script })),
  z.object({
    script: z.array(replySchema),
    repeatLast: z.boolean().exactOptional(),
    models: z.array(z.object({ id: z.string(), contextWindow: z.number().exactOptional() })).exactOptional(),
    kind: z.enum(['vllm', 'sglang', 'llama.cpp', 'ollama', 'lmstudio', 'openai']).exactOptional(),
    apiKey: z.string().exactOptional(),
  }),
]);

const { positionals, values } = parseArgs({ allowPositionals: true, options: { port: { type: 'string' } } });
const [file] = positionals;
if (file === undefined) {
  process.stderr.write('Usage: node test/fakes/serve.ts SCRIPT.json [--port N]\n');
  process.exit(64);
}
const script = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
const server = await scriptedServer({ ...script, port: Number(values.port ?? 0) });
process.stdout.write(`${server.baseUrl}\n`);
