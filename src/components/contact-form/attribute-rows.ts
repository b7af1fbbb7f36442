import { html, nothing } from 'lit';
import type { common, forms } from '../../locales/en.ts';
import { button } from '../shared/button.ts';
import { icons } from '../shared/icons.ts';
import type { Localized } from '../shared/localized.ts';
import { textInput } from '../shared/text-input.ts';
import type { Attribute } from './contact-values.ts';

interface AttributeRows {
  attributes: readonly Attribute[];
  /** Whether there is an empty row below them. */
  isAdding: boolean;
  texts: Localized<typeof common>;
  forms: Localized<typeof forms>;
  errorOf(index: number): string | undefined;
  isReadOnly: boolean;
  isDisabled: boolean;
  change(attributes: readonly Attribute[]): void;
  leave(event: FocusEvent): void;
  /** Adds an empty row. */
  add(): void;
  remove(index: number): void;
}

/** A key is part of a JSON object of limited size. */
const LONGEST_KEY = 200;

/** Free details of a contact, a row each: a name and a value, and one to take it away. */
export function attributeRows(parts: AttributeRows) {
  const { attributes, isAdding, forms, isReadOnly, isDisabled, add } = parts;
  const rows = isAdding ? [...attributes, { key: '', text: '', isText: true }] : attributes;
  if (rows.length === 0 && isReadOnly) return nothing;
  return html`
    <fieldset class="field wide attributes" part="field" id="metadata" tabindex="-1" aria-describedby="metadata-help">
      <legend class="field-label">${forms.text('attributes')}</legend>
      ${isReadOnly ? nothing : html`<p class="field-help" id="metadata-help">${forms.text('attributes.help')}</p>`}
      ${rows.map((row, index) => attributeRow(parts, row, index))}
      ${
        isReadOnly || isDisabled
          ? nothing
          : button({
              text: forms.text('attributes.add'),
              icon: icons.add,
              kind: 'quiet',
              isSmall: true,
              id: 'metadata-add',
              press: add,
            })
      }
    </fieldset>
  `;
}

function attributeRow(parts: AttributeRows, attribute: Attribute, index: number) {
  const { attributes, forms, errorOf, isReadOnly, isDisabled, change, leave, remove } = parts;
  const id = `metadata-${index}`;
  const number = index + 1;
  const error = errorOf(index);
  const isFixed = !attribute.isText;
  const put = (next: Partial<Attribute>) => change(attributes.toSpliced(index, 1, { ...attribute, ...next }));
  const shared = {
    isReadOnly: isReadOnly || isFixed,
    isDisabled,
    isInvalid: error !== undefined,
    describedBy: error ? `${id}-error` : isFixed ? `${id}-fixed` : undefined,
    autocomplete: 'off',
    leave,
  };
  return html`
    <div class="attribute">
      ${textInput({
        ...shared,
        id: `${id}-key`,
        label: forms.text('attributes.nameOf', { number }),
        placeholder: forms.text('attributes.name'),
        value: attribute.key,
        maxLength: LONGEST_KEY,
        input: (key) => put({ key }),
      })}
      ${textInput({
        ...shared,
        id: `${id}-value`,
        label: forms.text('attributes.valueOf', { number }),
        placeholder: forms.text('attributes.value'),
        value: attribute.text,
        input: (text) => put({ text }),
      })}
      ${
        isReadOnly || isDisabled
          ? nothing
          : button({
              text: attribute.key
                ? parts.texts.text('removeNamed', { name: attribute.key })
                : forms.text('attributes.removeUnnamed', { number }),
              icon: icons.remove,
              kind: 'quiet',
              isIconOnly: true,
              press: () => remove(index),
            })
      }
      ${error ? html`<p class="field-error" id=${`${id}-error`}>${icons.problem}<span>${error}</span></p>` : nothing}
      ${isFixed && !error ? html`<p class="field-help" id=${`${id}-fixed`}>${forms.text('attributes.fixed')}</p>` : nothing}
    </div>
  `;
}
