import type { CustomField } from '../../src/contract/custom-field.ts';
import { idOf } from './contacts.ts';

/** A definition of a custom field; what is not said of it is as usual. */
function fieldOf(number: number, fields: Pick<CustomField, 'name' | 'label' | 'field_type'> & Partial<CustomField>): CustomField {
  return {
    id: idOf('e000', number),
    workspace_id: idOf('9000', 0),
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    created_by: null,
    updated_by: null,
    version: 1,
    context: 'contact',
    configuration: {},
    description: null,
    display_order: number,
    is_required: false,
    is_active: true,
    is_searchable: false,
    ...fields,
  };
}

const ROOFS = ['Tiles', 'Slate', 'Metal', 'Flat'].map((label) => ({ value: label.toLowerCase(), label }));
const TOPICS = ['Solar', 'Storage', 'Heat pump', 'Wall box'].map((label) => ({ value: label.toLowerCase(), label }));

/** One field of every type. */
export const customFields: readonly CustomField[] = [
  fieldOf(1, { name: 'customer_number', label: 'Customer number', field_type: 'text', configuration: { placeholder: 'B-1234' } }),
  fieldOf(2, {
    name: 'roof_area',
    label: 'Roof area',
    field_type: 'number',
    configuration: { min: 0 },
    description: 'In square metres.',
  }),
  fieldOf(3, { name: 'since', label: 'Customer since', field_type: 'date' }),
  fieldOf(4, { name: 'newsletter', label: 'Gets the newsletter', field_type: 'boolean' }),
  fieldOf(5, { name: 'roof', label: 'Roof', field_type: 'select', configuration: { options: ROOFS }, is_required: true }),
  fieldOf(6, { name: 'topics', label: 'Interested in', field_type: 'multi_select', configuration: { options: TOPICS } }),
];

export const leadFields: readonly CustomField[] = customFields.map((field) => ({
  ...field,
  context: 'lead',
  is_required: false,
}));
