/** Text → how many tokens Qwen3's tokenizer makes of it. */
import { bytePairCounter } from './bytePairs.ts';
import type { Merges } from './merges.ts';

/**
 * What the vocabulary has as whole tokens. A server renders the chat template to text and reads the whole, so that it takes
 * these for tokens wherever they stand, also inside what a person or a page says; they are counted as it counts them.
 */
const wholeTokens = new RegExp(
  String.raw`<\|(?:endoftext|im_start|im_end|(?:object_ref|box|quad|vision)_(?:start|end)|(?:vision|image|video|fim)_pad` +
    String.raw`|fim_prefix|fim_middle|fim_suffix|repo_name|file_sep)\|>|</?(?:tool_call|tool_response|think)>`,
);

/**
 * Qwen3's pieces (its tokenizer.json, pre_tokenizer), which no token crosses. Runs end after 1,000 characters, so that no
 * text takes long: there, and only there, a count can be a few tokens too high. White space is Unicode's, as in the original.
 */
const piece = new RegExp(
  [
    `'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL]{2})`,
    String.raw`[^\r\n\p{L}\p{N}]?\p{L}{1,1000}`,
    String.raw`\p{N}`,
    String.raw` ?[^\p{White_Space}\p{L}\p{N}]{1,1000}[\r\n]{0,1000}`,
    String.raw`\p{White_Space}{0,1000}[\r\n]{1,1000}`,
    String.raw`\p{White_Space}{1,1000}(?!\P{White_Space})`,
    String.raw`\p{White_Space}{1,1000}`,
  ].join('|'),
  'uy',
);

/** A function that counts the tokens of a text. */
export function textCounter(merges: Merges): (text: string) => number {
  const countPiece = bytePairCounter(merges);
  const countPlain = (plain: string): number => {
    const text = plain.normalize('NFC');
    let tokens = 0;
    piece.lastIndex = 0;
    for (let from = 0; from < text.length; from = piece.lastIndex) {
      if (!piece.test(text)) throw new Error(`no piece at ${from}`);
      tokens += countPiece(text, from, piece.lastIndex);
    }
    return tokens;
  };
  return (text) => {
    const plain = text.split(wholeTokens);
    return plain.reduce((sum, part) => sum + countPlain(part), plain.length - 1);
  };
}
