import { LeadChange, NewLead } from '../../contract/lead.ts';
import { issuesOf } from '../../contract/issues.ts';
import type { FieldProblem } from '../../core/form-state.ts';

/** What the contract refuses in what would be sent, before it is. */
export function leadProblems(given: object, isNew: boolean): FieldProblem[] {
  const { error } = (isNew ? NewLead : LeadChange).safeParse(given);
  return error ? issuesOf(error, given) : [];
}
