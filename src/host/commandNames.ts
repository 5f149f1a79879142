/** The commands that the manifest promises, without their prefix. */
export const commandNames = [
  'ask',
  'askSelection',
  'stop',
  'resume',
  'openRun',
  'deleteRun',
  'copyAnswer',
  'exportMarkdown',
  'connect',
  'setApiKey',
  'showTrajectory',
  'openSettings',
] as const;

/** The name of a command, without its prefix. */
export type CommandName = (typeof commandNames)[number];
