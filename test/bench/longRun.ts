/** Long runs for the benchmarks: texts of a known number of tokens, and a run of any length on a scripted model. */
import { z } from 'zod';
import { callBlock } from '../../src/agent/messages.ts';
import { defineTool, type Tool } from '../../src/agent/tool.ts';

/** Words that are one token each, with the space before them, in Qwen's vocabulary. */
const words =
  'the and that with from this have they which their about would there other people could first after where through between being under while another place water house world never again always every night right hand large small early young great often quite still paper river light money music field plant horse voice table green black white short story point order class south north least table heart state level sound force stand power speed value basis track claim stage scale union motor'.split(
    ' ',
  );

/** A text of about so many tokens that never runs in circles; another one for each seed. */
export function textOfTokens(tokens: number, seed: number): string {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return words[(state >>> 16) % words.length] ?? 'the';
  };
  return Array.from({ length: tokens }, next).join(' ');
}

/** What a call's text ends in: a number that makes it another call each time. */
export interface RunShape {
  readonly thoughtTokens: number;
  readonly actionTokens: number;
  readonly observationTokens: number;
}

/** The call of turn `turn` (from 1), with a thought before it. */
export function replyOfTurn(turn: number, { thoughtTokens, actionTokens }: RunShape): string {
  // The frame of a call is about 45 tokens.
  const note = `${turn} ${textOfTokens(Math.max(1, actionTokens - 45), turn)}`;
  const block = callBlock({ server: 'notes', tool: 'look', arguments: { note } });
  return thinking(turn, thoughtTokens, block);
}

/** The same with a call that reads file `<turn>.txt` of the workspace. */
export function readOfTurn(turn: number, { thoughtTokens }: RunShape): string {
  const block = callBlock({ server: 'workspace', tool: 'read_file', arguments: { path: `${turn}.txt` } });
  return thinking(turn, thoughtTokens, block);
}

function thinking(turn: number, thoughtTokens: number, block: string): string {
  return `<think>\n${textOfTokens(thoughtTokens, 7_000 + turn)}\n</think>\n\n${block}`;
}

/** A tool whose observations have the shape's size, another text each time. */
export function lookTool({ observationTokens }: RunShape): Tool & { readonly made: () => number } {
  let made = 0;
  const tool = defineTool({
    server: 'notes',
    name: 'look',
    description: 'Looks at the next place.',
    input: z.object({ note: z.string() }),
    effect: 'read',
    run: async () => {
      made++;
      return { content: textOfTokens(observationTokens, 90_000 + made) };
    },
  });
  return { ...tool, made: () => made };
}
