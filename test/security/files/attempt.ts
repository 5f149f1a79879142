/** What an attempt against the file tools is, and calls that many make. */
import { symlink } from 'node:fs/promises';

/** Where an attempt takes place. */
export interface Place {
  /** The workspace and a folder beside it, absolute. */
  readonly folder: string;
  readonly outside: string;
  /** The path of something in the workspace. */
  readonly at: (path: string) => string;
}

/** One call of a tool. */
export interface Attempted {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Attempt {
  readonly name: string;
  /** What an attacker put there before. */
  readonly prepare?: (place: Place) => Promise<void> | void;
  readonly calls: (place: Place) => readonly Attempted[];
  /**
   * `refused`: every call is, the last one so. `lastRefused`: those before may be done. `harmless`: what the last one says,
   * which harms nobody.
   */
  readonly ends: { readonly refused: RegExp } | { readonly lastRefused: RegExp } | { readonly harmless: RegExp };
  readonly env?: (place: Place) => Readonly<Record<string, string>>;
  /** Devices can be made by root alone. */
  readonly asRoot?: boolean;
}

/** What is said of a path that leads out. */
export const outsideWords = /outside the workspace|leaves the workspace|does not exist|is a link/;
/** Calls of one tool. */
export const read = (path: string) => [{ tool: 'read_file', args: { path } }];
/** Calls of one tool. */
export const write = (path: string) => [{ tool: 'write_file', args: { path, content: 'HARM' } }];
/** Calls of one tool. */
export const search = (args: object) => [{ tool: 'search_files', args: { pattern: 'SECRET', ...args } }];
/** Calls of one tool. */
export const move = (from: string, to: string) => [{ tool: 'move_file', args: { from, to, overwrite: true } }];
/** Calls of one tool. */
export const remove = (path: string) => [{ tool: 'delete_file', args: { path, recursive: true } }];
/** Calls of one tool. */
export const edit = (path: string, old: string) => [
  { tool: 'edit_file', args: { path, old_text: old, new_text: 'HARM' } },
];

/** Every tool that takes a path, on one that leads out. */
export function everyTool(path: string): readonly Attempted[] {
  return [
    ...read(path),
    { tool: 'list_files', args: { path, depth: 3 } },
    ...search({ path }),
    ...write(path),
    ...edit(path, 'SECRET'),
    { tool: 'edit_notebook', args: { path, cell: 1, source: 'HARM' } },
    ...move(path, 'stolen.txt'),
    ...move('inside.txt', path),
    ...remove(path),
  ];
}

/** A link that an attacker put there. */
export const linkTo = (target: (place: Place) => string, name = 'link') => ({
  prepare: async (place: Place) => symlink(target(place), place.at(name)),
});
