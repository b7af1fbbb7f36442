import type { FormDefinition } from '../../src/contract/form-definition.ts';

/** A form as people make them: ten fields in two steps, a condition, a consent, and everything said twice. */
export const TEN_FIELDS: FormDefinition = {
  title: 'Ask for a quote',
  locale: 'en',
  steps: [
    {
      id: 'you',
      title: 'About you',
      fields: [
        { id: 'name', type: 'text', label: 'Your name', required: true, maps_to: 'contact.name', width: 'half' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email', width: 'half' },
        { id: 'phone', type: 'tel', label: 'Phone', help: 'We call between nine and five.', maps_to: 'contact.phone_number' },
        { id: 'company', type: 'text', label: 'Company', maps_to: 'contact.company', max_length: 100 },
      ],
    },
    {
      id: 'project',
      title: 'Your project',
      fields: [
        {
          id: 'roof',
          type: 'select',
          label: 'Kind of roof',
          required: true,
          options: [
            { value: 'pitched', label: 'Pitched roof' },
            { value: 'flat', label: 'Flat roof' },
            { value: 'other', label: 'Something else' },
          ],
          maps_to: 'lead.product_interest',
        },
        {
          id: 'which',
          type: 'text',
          label: 'What kind?',
          show_if: { all: [{ field: 'roof', operator: 'equals', value: 'other' }] },
        },
        { id: 'budget', type: 'number', label: 'Budget', min: 1_000, max: 500_000, maps_to: 'lead.budget' },
        { id: 'start', type: 'date', label: 'When to begin', maps_to: 'lead.expected_close_date' },
        { id: 'message', type: 'textarea', label: 'Message', placeholder: 'Tell us more', maps_to: 'lead.notes' },
        {
          id: 'privacy',
          type: 'consent',
          label: 'I agree that my answers are kept to answer my request.',
          required: true,
          version: '2026-01',
        },
      ],
    },
  ],
  display: { mode: 'inline' },
  texts: {
    en: { submit: 'Ask for a quote' },
    de: {
      title: 'Angebot anfragen',
      submit: 'Angebot anfragen',
      'you.title': 'Über Sie',
      'project.title': 'Ihr Vorhaben',
      'name.label': 'Ihr Name',
      'roof.label': 'Art des Dachs',
      'roof.options.pitched': 'Schrägdach',
      'success.message': 'Wir melden uns.',
      'privacy.label': 'Ich bin einverstanden, dass meine Angaben zur Beantwortung gespeichert werden.',
    },
  },
  success: { kind: 'message', title: 'Thank you', message: 'We will be in touch.' },
};
