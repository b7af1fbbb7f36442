import { html } from 'lit';
import type { CustomField } from '../../contract/custom-field.ts';
import { heldName, type HeldValue } from '../../core/custom-values.ts';
import type { common, forms } from '../../locales/en.ts';
import { checkbox } from './checkbox.ts';
import type { ControlParts } from './control-parts.ts';
import { dateInput } from './date-input.ts';
import { field as labelled } from './field.ts';
import type { Localized } from './localized.ts';
import { select } from './select.ts';
import { textArea, textInput } from './text-input.ts';

/** A text that may be longer than this gets several lines. */
const LONGEST_LINE = 255;

interface CustomInputs {
  texts: Localized<typeof common>;
  forms: Localized<typeof forms>;
  isReadOnly: boolean;
  isDisabled: boolean;
  valueOf(name: string): HeldValue;
  errorOf(name: string): string | undefined;
  change(name: string, value: HeldValue): void;
  leave(name: string, event: FocusEvent): void;
}

/** A field for each definition, in their order: what it asks for, takes and says follows from the definition. */
export const customInputs = (definitions: readonly CustomField[], form: CustomInputs) =>
  definitions.map((definition) => {
    const name = heldName(definition);
    const { label, description, field_type, is_required } = definition;
    return labelled({
      id: name,
      label,
      help: [description, boundsOf(definition, form)].filter(Boolean).join(' ') || undefined,
      error: form.errorOf(name),
      isRequired: is_required && field_type !== 'boolean',
      isReadOnly: form.isReadOnly,
      isDisabled: form.isDisabled,
      isGroup: field_type === 'multi_select',
      isWide: field_type === 'multi_select' || isLong(definition),
      texts: { required: form.texts.text('required') },
      control: (given) => control(definition, given, form),
    });
  });

const isLong = ({ field_type, configuration }: CustomField) =>
  field_type === 'text' &&
  configuration.max_length !== undefined &&
  configuration.max_length > LONGEST_LINE &&
  !configuration.pattern;

function control(definition: CustomField, given: ControlParts, form: CustomInputs) {
  const { field_type, configuration, is_required } = definition;
  const { placeholder, options = [], min, max } = configuration;
  const name = heldName(definition);
  const value = form.valueOf(name);
  const text = typeof value === 'string' ? value : '';
  const change = (next: HeldValue) => form.change(name, next);
  const leave = (event: FocusEvent) => form.leave(name, event);
  const isFixed = form.isReadOnly || form.isDisabled;
  switch (field_type) {
    case 'number':
      return textInput({
        ...given,
        name,
        value: text,
        placeholder,
        inputMode: 'decimal',
        autocomplete: 'off',
        input: change,
        leave,
      });
    case 'date':
      return dateInput({
        ...given,
        name,
        value: text,
        readable: text && form.forms.formats.day(text),
        min: dayOf(min),
        max: dayOf(max),
        change,
        leave,
      });
    case 'boolean':
      return checkbox({
        ...given,
        label: form.texts.text('yes'),
        name,
        isDisabled: isFixed,
        isChecked: value === true,
        change,
        leave,
      });
    case 'select': {
      const known = options.map((option) => ({ value: option.value, text: option.label ?? option.value }));
      return select({
        ...given,
        name,
        value: text,
        isDisabled: isFixed,
        placeholder: placeholder ?? form.forms.text('custom.none'),
        options: text === '' || known.some((each) => each.value === text) ? known : [...known, retired(text, form)],
        change,
        leave,
      });
    }
    case 'multi_select': {
      const chosen = Array.isArray(value) ? value : [];
      const known = options.map((option) => ({ value: option.value, text: option.label ?? option.value }));
      const gone = chosen.filter((one) => !known.some((each) => each.value === one)).map((one) => retired(one, form));
      return html`
        <div class="choices">
          ${[...known, ...gone].map((option, index) =>
            checkbox({
              ...given,
              id: `${name}-${index}`,
              label: option.text,
              name,
              isRequired: false,
              isInvalid: false,
              isDisabled: isFixed,
              isChecked: chosen.includes(option.value),
              // In the order of the options, so that the same choice is the same value.
              change: (isChecked) => {
                const next = isChecked ? [...chosen, option.value] : chosen.filter((one) => one !== option.value);
                const order = options.map((each) => each.value);
                change(next.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)));
              },
              leave,
            }),
          )}
        </div>
      `;
    }
    default: {
      const parts = {
        ...given,
        name,
        value: text,
        placeholder,
        autocomplete: 'off',
        isRequired: is_required,
        input: change,
        leave,
      };
      return isLong(definition) ? textArea(parts) : textInput(parts);
    }
  }
}

/** A choice that the record has and that is offered no more. */
const retired = (value: string, { forms }: CustomInputs) => ({ value, text: forms.text('custom.retired', { choice: value }) });

const dayOf = (bound: number | string | undefined) => (typeof bound === 'string' ? bound : undefined);

/** Which numbers and days are taken, and how much text, in words. */
function boundsOf({ field_type, configuration }: CustomField, { forms }: CustomInputs) {
  const { min, max, max_length } = configuration;
  if (field_type === 'text' && max_length !== undefined) return forms.text('hint.length', { maximum: max_length });
  if (field_type !== 'number' && field_type !== 'date') return undefined;
  if (min !== undefined && max !== undefined) return forms.text('hint.between', { minimum: min, maximum: max });
  if (min !== undefined) return forms.text('hint.minimum', { minimum: min });
  return max === undefined ? undefined : forms.text('hint.maximum', { maximum: max });
}
