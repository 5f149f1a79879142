/** The model server of the long run as a process (`files`: the calls read files): prints its base URL, ends with its standard input. */
import { scriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { readOfTurn, replyOfTurn } from './longRun.ts';
import { calls, shape } from './sixHundred.ts';

/** Characters of a prompt's JSON for one token of these texts. */
const charsPerToken = 5.5;

const reply = process.argv[2] === 'files' ? readOfTurn : replyOfTurn;
const contents = [...Array.from({ length: calls }, (_, i) => reply(i + 1, shape)), 'Done.', 'It is so. \\boxed{so}'];
const script = contents.map((content): Step => (request) => ({
  content,
  chunkChars: 64,
  usage: {
    promptTokens: Math.ceil(Number(request.headers['content-length']) / charsPerToken),
    completionTokens: Math.ceil(content.length / charsPerToken),
  },
}));
const server = await scriptedServer({ script });
process.stdout.write(`${server.baseUrl}\n`);
process.stdin.resume().once('end', () => void server.close());
