import { issue } from '../../src/contract/issues.ts';
import { invalid, invalidField } from './failure.ts';

/** Refuses a list of ids, sent as the field of this name, that does not name each of those that are known exactly once. */
export function assertEachOnce(field: string, given: readonly string[], ids: readonly string[]) {
  const known = new Set(ids);
  const issues = given.flatMap((id, index) => {
    if (!known.has(id)) return [issue(`${field}.${index}`, 'not_found')];
    return given.indexOf(id) < index ? [issue(`${field}.${index}`, 'taken')] : [];
  });
  if (issues.length > 0) throw invalid(issues);
  if (given.length < known.size) throw invalidField(field, 'too_few', { minimum: known.size });
}
