/** The least that does the job: a shadow root, two steps, and one call. */
const host = document.createElement('div');
const root = host.attachShadow({ mode: 'open' });
const el = (tag: string, properties: object, ...children: (Node | string)[]) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const labelled = (text: string, tag: string, properties: object, ...children: Node[]) =>
  el('label', {}, `${text} `, el(tag, properties, ...children));
const style = el(
  'style',
  {},
  'form{display:grid;gap:16px;max-width:480px}label{display:grid;gap:4px}input,select,textarea,button{font:inherit;padding:8px}[hidden]{display:none}',
);
const you = el(
  'div',
  {},
  labelled('Name', 'input', { name: 'name', autocomplete: 'name', required: true }),
  labelled('E-mail', 'input', { name: 'email', type: 'email', autocomplete: 'email', required: true }),
  labelled('Phone', 'input', { name: 'phone', type: 'tel', autocomplete: 'tel' }),
  el('button', {}, 'Next'),
);
const wish = el(
  'div',
  { hidden: true },
  labelled(
    'Interest',
    'select',
    { name: 'interest' },
    ...['Choose', 'Solar', 'Storage'].map((text) => el('option', { value: text.toLowerCase() }, text)),
  ),
  labelled('Message', 'textarea', { name: 'message', rows: 3 }),
  el('label', {}, el('input', { type: 'checkbox', name: 'consent' }), ' I agree that my details are used to answer me.'),
  el('button', {}, 'Send'),
);
const form = el('form', {}, you, wish) as HTMLFormElement;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (!you.hidden) {
    you.hidden = true;
    wish.hidden = false;
    return;
  }
  await fetch('/submit', { method: 'POST', body: JSON.stringify(Object.fromEntries(new FormData(form) as any)) });
  form.replaceWith(el('p', {}, 'Thank you'));
});
root.append(style, form);
document.getElementById('place')!.append(host);
