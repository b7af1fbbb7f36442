import type { FormDefinition, FormField } from '../../src/contract/form-definition.ts';
import type { Issue } from '../../src/contract/issues.ts';
import { called, problem } from './form-problem.ts';

/** The words of a form's buttons, which even its own language may change. */
const BUTTONS = ['submit', 'next', 'back'];

/** What is wrong with texts in other languages: each must stand for one that the form has. */
export function textProblems(definition: FormDefinition, ownLocale: string): Issue[] {
  const places = placesOf(definition);
  return Object.entries(definition.texts ?? {}).flatMap(([locale, texts]) => {
    const known = locale === ownLocale ? BUTTONS : places;
    return Object.keys(texts)
      .filter((name) => !known.includes(name))
      .map((name) => problem(`texts.${locale}.${name}`, `The form in ${locale}`, 'unknown_text', { name }));
  });
}

function placesOf({ title, steps, success, display }: FormDefinition): string[] {
  const fields = steps.flatMap(({ fields }) => fields);
  const isMessage = (success?.kind ?? 'message') === 'message';
  const hasTitle = success?.kind !== 'message' || success.title !== undefined;
  return [
    ...BUTTONS,
    ...(title === undefined ? [] : ['title']),
    ...(display?.opener === undefined ? [] : ['opener']),
    ...(isMessage ? ['success.message'] : []),
    ...(isMessage && hasTitle ? ['success.title'] : []),
    ...steps.flatMap((step) => (step.title === undefined ? [] : [`${step.id}.title`])),
    ...fields.flatMap((field) => [
      ...(['label', 'placeholder', 'help'] as const)
        .filter((part) => field[part] !== undefined)
        .map((part) => `${field.id}.${part}`),
      ...(field.options ?? []).map(({ value }) => `${field.id}.options.${value}`),
    ]),
  ];
}

/** Consents whose words are others than were published under the same version, in whichever language. */
export function consentProblems(definition: FormDefinition, published: FormDefinition | undefined): Issue[] {
  if (!published) return [];
  const former = consentsOf(published);
  return consentsOf(definition).flatMap(({ field, path }) => {
    const same = former.find((one) => one.field.id === field.id && one.field.version === field.version);
    if (!same) return [];
    const wrong = (at: string) =>
      problem(at, `The text of ${called({ id: field.id, text: field.label })}`, 'same_version', { version: field.version ?? '' });
    const before = translationsOf(published, field.id);
    const now = translationsOf(definition, field.id);
    return [
      ...(same.field.label === field.label ? [] : [wrong(`${path}.version`)]),
      // A language that comes or goes changes no words that anybody has agreed to.
      ...[...now]
        .filter(([locale, text]) => (before.get(locale) ?? text) !== text)
        .map(([locale]) => wrong(`texts.${locale}.${field.id}.label`)),
    ];
  });
}

const consentsOf = ({ steps }: FormDefinition): { field: FormField; path: string }[] =>
  steps.flatMap(({ fields }, step) =>
    fields.flatMap((field, place) => (field.type === 'consent' ? [{ field, path: `steps.${step}.fields.${place}` }] : [])),
  );

const translationsOf = ({ texts = {} }: FormDefinition, id: string): Map<string, string> =>
  new Map(
    Object.entries(texts).flatMap(([locale, own]) => (own[`${id}.label`] === undefined ? [] : [[locale, own[`${id}.label`]!]])),
  );
