import { MOST_FORM_FIELDS, type FormDefinition } from '../../src/contract/form-definition.ts';
import type { Issue } from '../../src/contract/issues.ts';
import type { Matches } from '../../src/core/form-answers.ts';
import { conditionProblems } from './condition-checks.ts';
import { displayProblems } from './display-checks.ts';
import { fieldProblems } from './field-checks.ts';
import { called, problem, type PlacedField } from './form-problem.ts';
import { leadProblems, successProblems, type NamedRecords } from './lead-checks.ts';
import { mappingProblems, type MappedField } from './mapping-checks.ts';
import { TRAP } from './public-form-service.ts';
import { consentProblems, textProblems } from './text-checks.ts';

/** What a definition is held against. */
export interface KnownToForm extends NamedRecords {
  customFields: readonly MappedField[];
  /** Tries the patterns of defaults, as those of answers are tried. */
  matches: Matches;
  /** The form's own language, where the definition does not say. */
  locale: string;
  /** What visitors meet now. */
  published: FormDefinition | undefined;
  formId: string | undefined;
}

/** Parameters of a page's address that mean something to every form, so no field is filled in by them. */
const RESERVED_FIELDS = [TRAP, 'lang', 'skip_prefilled'];
/** Texts are named by steps and fields, and by this. */
const RESERVED_STEPS = ['success'];

/** Everything that keeps a definition from being published, each with its place in it. */
export function formProblems(definition: FormDefinition, known: KnownToForm): Issue[] {
  const { steps } = definition;
  const placed = steps.flatMap(({ fields }, step) =>
    fields.map((field, place): PlacedField => ({
      field,
      path: `steps.${step}.fields.${place}`,
      name: called({ id: field.id, text: field.label }),
    })),
  );
  return [
    ...idProblems(definition, placed),
    ...placed.flatMap((one) => fieldProblems(one, known.matches)),
    ...mappingProblems(placed, known.customFields),
    ...conditionProblems(steps),
    ...displayProblems(definition),
    ...textProblems(definition, definition.locale ?? known.locale),
    ...consentProblems(definition, known.published),
    ...leadProblems(definition, known),
    ...successProblems(definition, known, known.formId),
  ];
}

function idProblems({ steps }: FormDefinition, placed: readonly PlacedField[]): Issue[] {
  const stepIds = steps.map(({ id }) => id);
  const fieldIds = placed.map(({ field }) => field.id);
  const ofSteps = steps.flatMap((step, index) => {
    const name = called({ id: step.id, text: step.title });
    const path = `steps.${index}`;
    return [
      ...(stepIds.indexOf(step.id) < index ? [problem(`${path}.id`, `The id of the step ${name}`, 'taken')] : []),
      ...(RESERVED_STEPS.includes(step.id) ? [problem(`${path}.id`, `The id of the step ${name}`, 'reserved')] : []),
      ...(step.fields.every(({ type }) => type === 'hidden') ? [problem(`${path}.fields`, `The step ${name}`, 'unseen')] : []),
    ];
  });
  const ofFields = placed.flatMap(({ field: { id }, path, name }, index) => [
    ...(fieldIds.indexOf(id) < index ? [problem(`${path}.id`, `The id of ${name}`, 'taken')] : []),
    ...(RESERVED_FIELDS.includes(id) ? [problem(`${path}.id`, `The id of ${name}`, 'reserved')] : []),
  ]);
  const ofNumber =
    placed.length > MOST_FORM_FIELDS ? [problem('steps', 'The form', 'too_many', { maximum: MOST_FORM_FIELDS })] : [];
  return [...ofSteps, ...ofFields, ...ofNumber];
}
