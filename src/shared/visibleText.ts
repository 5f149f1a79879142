/** Text that says what it is: characters that hide or reorder others are shown by their number. */

/** C0 and C1 controls but tab and newline, soft hyphen, zero-width and bidirectional marks, and tag characters. */
const hiding =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|[\u{E0000}-\u{E007F}]/gu;

/** The text with every such character as ‹U+202E›, so that a command reads as it will run. */
export function showControls(text: string): string {
  return text.replace(
    hiding,
    (char) => `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}
