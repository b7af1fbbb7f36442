import type { Condition, FormField, FormValue, ShowIf } from '../../src/contract/form-definition.ts';
import { askedFor, type Answers } from '../../src/core/form-answers.ts';

/** A field that conditions may name, and what must hold for it to be asked for. */
export interface Question {
  field: FormField;
  conditions: readonly ShowIf[];
}

/** Beyond so many tries conditions are taken to come true: they are too many to be sure. */
const MOST_TRIES = 2_000;
const MOST_COMBINED = 10;

/**
 * Whether there are answers that meet all of these conditions. An answer counts only where its question is asked for, so
 * the conditions of that one must be met as well.
 */
export function canBeShown(conditions: readonly ShowIf[], asked: ReadonlyMap<string, Question>): boolean {
  let tries = 0;

  function canBeMet(met: readonly Condition[], open: readonly ShowIf[], needed: ReadonlySet<string>): boolean {
    if (++tries > MOST_TRIES) return true;
    const [first, ...rest] = open;
    if (first) {
      if ('all' in first) return canBeMet([...met, ...first.all], rest, needed);
      return first.any.some((one) => canBeMet([...met, one], rest, needed));
    }
    for (const [id, ofField] of Map.groupBy(met, ({ field }) => field)) {
      const question = asked.get(id);
      if (!question) return false;
      const fitting = candidates(question.field, ofField).filter((value) => meets(question.field, value, ofField));
      if (fitting.length === 0) return false;
      const mustBeAsked = !fitting.includes(undefined) && !needed.has(id);
      if (mustBeAsked) return canBeMet(met, question.conditions, new Set([...needed, id]));
    }
    return true;
  }

  return canBeMet([], conditions, new Set());
}

/** Whether an answer meets conditions, by the rules that forms themselves go by. */
function meets(field: FormField, value: FormValue | undefined, conditions: readonly Condition[]): boolean {
  const answers: Answers = value === undefined ? {} : { [field.id]: value };
  const { show_if: _, ...plain } = field;
  const steps = [
    { id: 'asked', fields: [plain] },
    { id: 'shown', show_if: { all: [...conditions] }, fields: [{ id: 'any', type: 'text' as const }] },
  ];
  return askedFor(steps, answers).length === 2;
}

/** Answers of a field, no answer among them, of which one meets the conditions if any does. */
function candidates(field: FormField, conditions: readonly Condition[]): (FormValue | undefined)[] {
  const { type, options = [], min, max } = field;
  const compared = conditions.flatMap(({ value }) => value ?? []);
  switch (type) {
    case 'checkbox':
    case 'consent':
      return [undefined, true];
    case 'select':
    case 'radio':
      return [undefined, ...options.map(({ value }) => value)];
    case 'multi_select':
      return [
        undefined,
        ...combinations(
          options.map(({ value }) => value),
          compared.map(String),
        ),
      ];
    case 'rating':
      return [undefined, ...Array.from({ length: Number(max ?? 5) }, (_, index) => index + 1)];
    case 'number': {
      const marks = around([...compared, min, max].flatMap((value) => (value === undefined ? [] : Number(value))));
      return [undefined, ...marks.filter((value) => value >= Number(min ?? -Infinity) && value <= Number(max ?? Infinity))];
    }
    case 'date': {
      const days = [...compared, min, max].flatMap((value) => (value === undefined ? [] : String(value)));
      const near = days.flatMap((day) => [dayBeside(day, -1), day, dayBeside(day, 1)]);
      return [undefined, ...near.filter((day) => (!min || day >= String(min)) && (!max || day <= String(max)))];
    }
    default: {
      const texts = compared.map(String);
      const all = [...new Set(texts)].join(' ');
      return [undefined, ...texts, all, ...texts.map((text) => `${text}~`), `~${all}`];
    }
  }
}

/** Numbers at, beside and between those that are given; zero where there are none. */
function around(given: readonly number[]): number[] {
  const sorted = [...new Set(given)].toSorted((one, other) => one - other);
  return sorted.length === 0
    ? [0]
    : sorted.flatMap((value, index) => [value - 1, value, (value + (sorted[index + 1] ?? value + 2)) / 2]);
}

const dayBeside = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Every choice among the options that are named, alone and with one that is not. */
function combinations(options: readonly string[], named: readonly string[]): string[][] {
  const compared = options.filter((option) => named.includes(option)).slice(0, MOST_COMBINED);
  const other = options.find((option) => !named.includes(option));
  const choices = compared.reduce<string[][]>((chosen, option) => [...chosen, ...chosen.map((one) => [...one, option])], [[]]);
  return [...choices, ...(other === undefined ? [] : choices.map((one) => [...one, other]))].filter(({ length }) => length > 0);
}
