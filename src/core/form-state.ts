import type { Issue } from '../contract/issues.ts';

/** What is wrong with one value; a sentence is made of it in the language of whoever reads it. */
export type FieldProblem = Pick<Issue, 'path' | 'code' | 'params'> & { message?: string };

/** What a field holds here, and what someone else made of it meanwhile. */
export interface FieldConflict {
  name: string;
  mine: unknown;
  theirs: unknown;
}

/**
 * What a person has made of a form so far. Values stand by the names of their fields, flat: what is nested is named by its path,
 * as `custom_fields.size`. Nothing that was typed goes away but by its field, `reset` or `saved`.
 *
 * A problem is told once its field was changed and left, or sending was tried; from then on with every change. What a server
 * refused is told until its field changes.
 */
export class FormState<Values extends Record<string, unknown>> {
  readonly #check: (values: Values) => readonly FieldProblem[];
  #base: Values;
  #values: Values;
  #left = new Set<string>();
  #isTried = false;
  #refused: readonly FieldProblem[] = [];
  /** What others made of fields that are changed here too. */
  #theirs = new Map<string, unknown>();

  /** `check` finds everything that is wrong with values, in the order of their fields. */
  constructor(values: Values, check: (values: Values) => readonly FieldProblem[]) {
    this.#base = values;
    this.#values = values;
    this.#check = check;
  }

  get values(): Readonly<Values> {
    return this.#values;
  }

  /** Whether anything differs from what was there at first, or was saved. */
  get isDirty(): boolean {
    return this.changed.length > 0;
  }

  /** Whether sending was tried, or refused, since the form began or was saved. */
  get isTried(): boolean {
    return this.#isTried;
  }

  /** The names of the fields that differ. */
  get changed(): string[] {
    return Object.keys(this.#values).filter((name) => !isSame(this.#values[name], this.#base[name]));
  }

  /** What is to be told now, in the order of the fields; a problem of no field has no field's name as its path. */
  get problems(): readonly FieldProblem[] {
    const found = this.#check(this.#values).filter(({ path }) => this.#isTold(this.fieldOf(path)));
    const rest = this.#refused.filter(({ path }) => !found.some((one) => this.fieldOf(one.path) === this.fieldOf(path)));
    const places = Object.keys(this.#values);
    const placeOf = ({ path }: FieldProblem) => places.indexOf(this.fieldOf(path) ?? '');
    return [...found, ...rest].sort((one, other) => placeOf(one) - placeOf(other));
  }

  /** Those where two people changed the same field; they are to be settled before the form is sent. */
  get conflicts(): readonly FieldConflict[] {
    return [...this.#theirs].map(([name, theirs]) => ({ name, mine: this.#values[name], theirs }));
  }

  /** Everything that is wrong, whether or not it is told yet. */
  get wrong(): readonly FieldProblem[] {
    return [...this.#check(this.#values), ...this.#refused];
  }

  /** What is to be told of a field now. */
  problemOf(name: string): FieldProblem | undefined {
    return this.problems.find(({ path }) => this.fieldOf(path) === name);
  }

  /** The name of the field that a path of the contract lies in: `tags.3` in `tags`. */
  fieldOf(path: string): string | undefined {
    const names = Object.keys(this.#values).filter((name) => path === name || path.startsWith(`${name}.`));
    return names.sort((one, other) => other.length - one.length)[0];
  }

  /** Takes what was typed or chosen. */
  change<Name extends keyof Values & string>(name: Name, value: Values[Name]) {
    this.#values = { ...this.#values, [name]: value };
    this.#refused = this.#refused.filter(({ path }) => this.fieldOf(path) !== name);
  }

  /** A person goes on to another field. */
  leave(name: string) {
    if (this.changed.includes(name)) this.#left.add(name);
  }

  /** Whether the form may be sent; from now on every problem is told. */
  try(): boolean {
    this.#isTried = true;
    this.#refused = [];
    return this.problems.length === 0 && this.#theirs.size === 0;
  }

  /** Takes what a server found wrong. */
  refuse(problems: readonly FieldProblem[]) {
    this.#isTried = true;
    this.#refused = problems;
  }

  /**
   * The record has become another: fields that were not changed here follow it, those that were changed to something else become
   * conflicts. The form has the fields that the record has, in their order.
   */
  follow(record: Values) {
    const base = this.#base;
    this.renew(record);
    for (const name of Object.keys(record)) {
      const [mine, theirs] = [this.#values[name], record[name]];
      if (isSame(mine, theirs)) this.#theirs.delete(name);
      else if (!isSame(base[name], theirs)) this.#theirs.set(name, theirs);
    }
  }

  /**
   * The same record has become other values, as by other defaults, fields or ways to write a number: that is nobody's change, so
   * nothing comes into conflict by it. `mine` is what stands here, written in that way.
   */
  renew(record: Values, mine: Values = this.#values) {
    const changed = new Set(this.changed);
    const valueOf = (name: string) => (changed.has(name) ? mine : record)[name];
    this.#values = Object.fromEntries(Object.keys(record).map((name) => [name, valueOf(name)])) as Values;
    for (const name of this.#theirs.keys()) {
      if (name in record) this.#theirs.set(name, record[name]);
      else this.#theirs.delete(name);
    }
    this.#base = record;
  }

  /** Ends a conflict in favour of what stands here or of what the other has. */
  settle(name: keyof Values & string, favour: 'mine' | 'theirs') {
    if (favour === 'theirs' && this.#theirs.has(name)) this.change(name, this.#theirs.get(name) as Values[typeof name]);
    this.#theirs.delete(name);
  }

  /** All of it was saved, and this is what became of it; what was typed since then stays. */
  saved(sent: Values, record: Values) {
    this.#base = sent;
    this.follow(record);
    this.#theirs.clear();
    this.#left.clear();
    this.#isTried = false;
    this.#refused = [];
  }

  /** Begins anew, with other values if they are given. */
  reset(values = this.#base) {
    this.#base = values;
    this.#values = values;
    this.#left.clear();
    this.#isTried = false;
    this.#refused = [];
    this.#theirs.clear();
  }

  #isTold(name: string | undefined) {
    return this.#isTried || (name !== undefined && this.#left.has(name));
  }
}

const isSame = (one: unknown, other: unknown) => one === other || JSON.stringify(one) === JSON.stringify(other);
