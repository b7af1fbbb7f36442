import { ContactChange, NewContact } from '../../contract/contact.ts';
import { issuesOf } from '../../contract/issues.ts';
import type { FieldProblem } from '../../core/form-state.ts';

/** What the contract refuses in what would be sent, before it is. */
export function contactProblems(given: object, isNew: boolean): FieldProblem[] {
  const { error } = (isNew ? NewContact : ContactChange).safeParse(given);
  return error ? issuesOf(error, given) : [];
}
