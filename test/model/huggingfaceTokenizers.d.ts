/** The package's own declarations import without file extensions, which NodeNext does not resolve. */
declare module '@huggingface/tokenizers' {
  export class Tokenizer {
    constructor(tokenizer: object, config: object);
    encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
  }
}
