/** The commands that the manifest promises, without their prefix. */
export const commandNames = [
  'ask',
  'askSelection',
  'askSeveral',
  'stop',
  'pause',
  'continue',
  'answerNow',
  'addNote',
  'queueQuestion',
  'fork',
  'forkFromEnd',
  'showPrompt',
  'showChanges',
  'showTurnChanges',
  'showCallChanges',
  'restoreFiles',
  'undoChanges',
  'keepSomeChanges',
  'resume',
  'openRun',
  'deleteRun',
  'copyAnswer',
  'exportMarkdown',
  'connect',
  'setApiKey',
  'showTrajectory',
  'setEnvelope',
  'openSettings',
] as const;

/** The name of a command, without its prefix. */
export type CommandName = (typeof commandNames)[number];
