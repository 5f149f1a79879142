/** Text that says what it is: characters that hide or reorder others are shown by their number. */

/** C0 and C1 controls but tab and newline, soft hyphen, zero-width and bidirectional marks, and tag characters. */
const hiding =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|[\u{E0000}-\u{E007F}]/gu;

/** JSON with every such character escaped: it reads as what it is, and means the same. */
export function escapeControls(json: string): string {
  const escaped = (char: string) =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  return json.replace(hiding, escaped);
}

/** The text with every such character as ‹U+202E›, so that a command reads as it will run. */
export function showControls(text: string): string {
  return text.replace(hiding, numbered);
}

/** A file's name or path on one line: line breaks and tabs are shown by their number as well. */
export function shownPath(path: string): string {
  return showControls(path).replace(/[\t\n\u2028\u2029]/g, numbered);
}

function numbered(char: string): string {
  return `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
}
