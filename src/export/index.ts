/** The forms in which a run's answer leaves: one line each. */
import type { Trajectory } from '../shared/trajectory.ts';
import { toBibtex } from './bibtex.ts';
import { toFootnotes } from './footnotes.ts';
import { toHtml } from './html.ts';
import { reportOf, type Report } from './reportSource.ts';

/** One form. */
export interface ReportForm {
  readonly name: 'markdown' | 'html' | 'bibtex';
  /** As a person picks it. */
  readonly label: string;
  readonly extension: string;
  readonly write: (report: Report) => string;
}

/** All of them. */
export const reportForms: readonly ReportForm[] = [
  { name: 'markdown', label: 'Markdown with footnotes', extension: 'md', write: toFootnotes },
  { name: 'html', label: 'HTML, one file', extension: 'html', write: toHtml },
  { name: 'bibtex', label: 'BibTeX, the sources', extension: 'bib', write: toBibtex },
];

/** The newest answer in one form. Throws UserError when there is none. */
export function exportReport(trajectory: Trajectory, { write }: ReportForm): string {
  return write(reportOf(trajectory));
}
