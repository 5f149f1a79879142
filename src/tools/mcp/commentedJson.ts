/** JSON with comments and trailing commas, as VS Code's own files have them. */

/** Parses it. Throws SyntaxError. */
export function parseCommentedJson(text: string): unknown {
  return JSON.parse(withoutCommas(withoutComments(text.replace(/^\uFEFF/, ''))));
}

/** A string (one that does not end reaches the end of the text), or what is to go. */
const stringOrComment = /"(?:[^"\\]|\\[^])*(?:"|$)|\/\/[^\n\r]*|\/\*[^]*?\*\//g;
const stringOrComma = /"(?:[^"\\]|\\[^])*(?:"|$)|,(?=\s*[}\]])/g;

function withoutComments(text: string): string {
  return text.replace(stringOrComment, (part) => (part.startsWith('"') ? part : ' '));
}

function withoutCommas(text: string): string {
  return text.replace(stringOrComma, (part) => (part.startsWith('"') ? part : ''));
}
