import type { FormField } from '../../src/contract/form-definition.ts';
import { issue, type Issue, type IssueCode, type IssueParams } from '../../src/contract/issues.ts';

/** What is wrong at a place of a definition; `label` names the place in people's words. */
export const problem = (path: string, label: string, code: IssueCode, params: IssueParams = {}): Issue =>
  issue(path, code, params, label);

/** What people know a field or a step by: its text, or else its id. */
export const called = ({ id, text }: { id: string; text: string | undefined }): string => {
  const name = text ?? id;
  return `“${name.length > 60 ? `${name.slice(0, 60)}…` : name}”`;
};

/** A field of a definition, with its place there. */
export interface PlacedField {
  field: FormField;
  path: string;
  name: string;
}
