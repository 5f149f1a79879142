/** Mentioned files: those that read_file shows stay mentions, documents go with the question as attachments. */

const documents =
  /\.(?:pdf|docx|pptx|xlsx|od[tsp]|epub|rtf|zip|png|jpe?g|gif|webp|bmp|tiff?|avif|heic|mp[34]|m4a|wav|flac|ogg|opus|webm|mov|mkv)$/i;

/** Paths of the workspace, apart, in order. */
export function splitMentions(mentions: readonly string[]): {
  readonly kept: readonly string[];
  readonly documents: readonly string[];
} {
  return {
    kept: mentions.filter((path) => !documents.test(path)),
    documents: mentions.filter((path) => documents.test(path)),
  };
}
