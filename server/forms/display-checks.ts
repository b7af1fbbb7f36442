import type { Display, FormDefinition, Trigger } from '../../src/contract/form-definition.ts';
import type { Issue } from '../../src/contract/issues.ts';
import { problem } from './form-problem.ts';

type Mode = Display['mode'];

const POSITIONS: Partial<Record<Mode, readonly string[]>> = {
  slide_in: ['start', 'end'],
  side_tab: ['start', 'end'],
  banner: ['top', 'bottom'],
};
const OPENED: readonly Mode[] = ['popup', 'slide_in', 'side_tab', 'full_screen'];

/** What a trigger needs beside its name. */
const NEEDED: Partial<Record<Trigger['on'], 'number' | 'string'>> = {
  time: 'number',
  scroll: 'number',
  idle: 'number',
  click: 'string',
  seen: 'string',
  url: 'string',
  event: 'string',
};

/** What is wrong with how a form is shown. */
export function displayProblems({ display, title }: FormDefinition): Issue[] {
  if (!display) return [];
  const { mode, position, opener, triggers = [], frequency } = display;
  const issues: Issue[] = [];
  const wrong = (place: string, label: string, ...what: [Parameters<typeof problem>[2], Parameters<typeof problem>[3]?]) =>
    void issues.push(problem(`display.${place}`, label, ...what));

  const positions = POSITIONS[mode];
  if (position !== undefined && !positions)
    wrong('position', 'The position', 'only_for', { what: 'slide-ins, side tabs and banners' });
  else if (position !== undefined && !positions!.includes(position))
    wrong('position', `The position of a ${mode.replace('_', ' ')}`, 'not_option', { options: [...positions!] });

  if (opener !== undefined && !OPENED.includes(mode))
    wrong('opener', "The opener's text", 'only_for', { what: 'popups, slide-ins, side tabs and full screens' });
  if (mode === 'side_tab' && opener === undefined && title === undefined) wrong('opener', 'The text of the side tab', 'required');

  if (mode === 'inline' && triggers.length > 0)
    wrong('triggers', 'The list of triggers', 'only_for', { what: 'forms that open' });
  if (mode === 'inline' && frequency) wrong('frequency', 'The frequency', 'only_for', { what: 'forms that open' });
  issues.push(...triggers.flatMap(triggerProblems));

  if (frequency?.show === 'days' && frequency.days === undefined)
    wrong('frequency.days', 'The number of days of the frequency', 'required');
  if (frequency && frequency.show !== 'days' && frequency.days !== undefined)
    wrong('frequency.days', 'The number of days of the frequency', 'only_for', { what: 'the frequency “days”' });
  return issues;
}

function triggerProblems({ on, value }: Trigger, index: number): Issue[] {
  const path = `display.triggers.${index}.value`;
  const label = `The value of the trigger “${on}”`;
  const needed = NEEDED[on];
  if (!needed)
    return value === undefined
      ? []
      : [problem(path, label, 'only_for', { what: `the triggers ${Object.keys(NEEDED).join(', ')}` })];
  if (value === undefined) return [problem(path, label, 'required')];
  if (typeof value !== needed) return [problem(path, label, 'wrong_type', { expected: needed })];
  if (on === 'scroll' && Number(value) > 100) return [problem(path, label, 'too_large', { maximum: 100 })];
  return [];
}
