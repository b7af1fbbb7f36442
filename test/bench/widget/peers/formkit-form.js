import { createApp, h, ref } from 'vue';
import { defaultConfig, FormKit, plugin } from '@formkit/vue';

/** The measured form as FormKit's guide has it: inputs with its rules, in two steps, sent by its submit handler. */
const Form = {
  setup() {
    const step = ref(1);
    const input = (type, name, label, more = {}) => h(FormKit, { type, name, label, key: name, ...more });
    const submit = async (answers) => {
      if (step.value === 2) await fetch('/submit', { method: 'POST', body: JSON.stringify(answers) });
      step.value++;
    };
    const you = () => [
      input('text', 'name', 'Name', { validation: 'required', autocomplete: 'name' }),
      input('email', 'email', 'E-mail', { validation: 'required|email', autocomplete: 'email' }),
      input('tel', 'phone', 'Phone', { autocomplete: 'tel' }),
    ];
    const wish = () => [
      input('select', 'interest', 'Interest', { options: { '': 'Choose', solar: 'Solar', storage: 'Storage' } }),
      input('textarea', 'message', 'Message', { rows: 3 }),
      input('checkbox', 'consent', 'I agree that my details are used to answer me.', { validation: 'accepted' }),
    ];
    return () =>
      step.value === 3
        ? h('p', 'Thank you')
        : h(
            FormKit,
            { type: 'form', preserve: true, submitLabel: step.value === 1 ? 'Next' : 'Send', onSubmit: submit },
            { default: () => (step.value === 1 ? you() : wish()) },
          );
  },
};
createApp(Form).use(plugin, defaultConfig).mount('#place');
