/** Begins every line of the tests in the extension host, among what the workbench itself logs. */
export const testLine = 'mocha| ';
