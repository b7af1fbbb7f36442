import type { Seed } from '@millrace/server';

type SeedForm = Omit<Seed['forms'][number], 'published_at'>;

/** The forms that Brightfield Solar's website shows. Their ids stay, so that the site can name them. */
export const DEMO_FORMS = {
  quote: '0197c3a0-5a00-7000-8000-000000000001',
  callback: '0197c3a0-5a00-7000-8000-000000000002',
  newsletter: '0197c3a0-5a00-7000-8000-000000000003',
} as const;

const theme = { brand_color: '#0d5c45', radius: 'medium', color_scheme: 'system' } as const;

const quote: SeedForm = {
  id: DEMO_FORMS.quote,
  name: 'Quote for a roof',
  goes_to: null,
  definition: {
    title: 'What would it cost on your roof?',
    locale: 'en',
    steps: [
      {
        id: 'roof',
        title: 'Your roof',
        fields: [
          {
            id: 'wish',
            type: 'select',
            label: 'What are you thinking of?',
            required: true,
            placeholder: 'Choose one',
            options: [
              { value: 'Rooftop solar' },
              { value: 'Solar with storage' },
              { value: 'Heat pump', label: 'Solar with a heat pump' },
              { value: 'Battery storage', label: 'A battery for the plant I have' },
              { value: 'Commercial rooftop', label: 'A plant for my company' },
            ],
            maps_to: 'lead.product_interest',
          },
          {
            id: 'company',
            type: 'text',
            label: 'Company',
            required: true,
            max_length: 100,
            maps_to: 'contact.company',
            show_if: { all: [{ field: 'wish', operator: 'equals', value: 'Commercial rooftop' }] },
          },
          {
            id: 'roof_type',
            type: 'radio',
            label: 'What is on it now?',
            options: [
              { value: 'tiles', label: 'Clay tiles' },
              { value: 'slate', label: 'Slate' },
              { value: 'metal', label: 'Metal' },
              { value: 'flat', label: 'It is flat' },
            ],
            maps_to: 'lead.custom.roof_type',
          },
          {
            id: 'when',
            type: 'select',
            label: 'When should it run?',
            options: [{ value: 'this quarter' }, { value: 'this year' }, { value: 'next spring' }, { value: 'no hurry' }],
            maps_to: 'lead.timeline',
          },
        ],
      },
      {
        id: 'you',
        title: 'How we reach you',
        fields: [
          { id: 'name', type: 'text', label: 'Your name', required: true, max_length: 100, maps_to: 'contact.name' },
          { id: 'email', type: 'email', label: 'E-mail', required: true, width: 'half', maps_to: 'contact.email' },
          {
            id: 'phone',
            type: 'tel',
            label: 'Phone',
            width: 'half',
            maps_to: 'contact.phone_number',
          },
          {
            id: 'message',
            type: 'textarea',
            label: 'Anything we should know?',
            max_length: 2_000,
            maps_to: 'lead.notes',
          },
          {
            id: 'privacy',
            type: 'consent',
            label: 'Brightfield Solar may keep my details to answer this request. I can take this back at any time.',
            required: true,
            version: '2026-01',
          },
        ],
      },
    ],
    display: { mode: 'inline' },
    theme,
    texts: {
      en: { submit: 'Ask for a quote' },
      de: {
        title: 'Was würde es auf Ihrem Dach kosten?',
        submit: 'Angebot anfragen',
        'roof.title': 'Ihr Dach',
        'you.title': 'Wie wir Sie erreichen',
        'wish.label': 'Woran denken Sie?',
        'wish.placeholder': 'Bitte wählen',
        'wish.options.Rooftop solar': 'Solaranlage auf dem Dach',
        'wish.options.Solar with storage': 'Solaranlage mit Speicher',
        'wish.options.Heat pump': 'Solaranlage mit Wärmepumpe',
        'wish.options.Battery storage': 'Speicher für meine Anlage',
        'wish.options.Commercial rooftop': 'Anlage für meine Firma',
        'company.label': 'Firma',
        'roof_type.label': 'Womit ist es gedeckt?',
        'roof_type.options.tiles': 'Ziegel',
        'roof_type.options.slate': 'Schiefer',
        'roof_type.options.metal': 'Metall',
        'roof_type.options.flat': 'Es ist flach',
        'when.label': 'Wann soll sie laufen?',
        'when.options.this quarter': 'in diesem Quartal',
        'when.options.this year': 'in diesem Jahr',
        'when.options.next spring': 'nächstes Frühjahr',
        'when.options.no hurry': 'es eilt nicht',
        'name.label': 'Ihr Name',
        'email.label': 'E-Mail',
        'phone.label': 'Telefon',
        'message.label': 'Was sollten wir noch wissen?',
        'privacy.label':
          'Brightfield Solar darf meine Angaben speichern, um diese Anfrage zu beantworten. Ich kann das jederzeit widerrufen.',
        'success.title': 'Danke, das ist angekommen.',
        'success.message': 'Eine Planerin aus Ihrer Gegend meldet sich innerhalb eines Arbeitstags.',
      },
      ar: {
        title: 'كم ستكون التكلفة على سطح منزلك؟',
        submit: 'اطلب عرض سعر',
        'roof.title': 'سطح منزلك',
        'you.title': 'كيف نتواصل معك؟',
        'wish.label': 'ما الذي تفكّر فيه؟',
        'wish.placeholder': 'اختر من القائمة',
        'wish.options.Rooftop solar': 'ألواح شمسية على السطح',
        'wish.options.Solar with storage': 'ألواح شمسية مع بطارية تخزين',
        'wish.options.Heat pump': 'ألواح شمسية مع مضخة حرارية',
        'wish.options.Battery storage': 'بطارية للنظام الموجود لديّ',
        'wish.options.Commercial rooftop': 'نظام شمسي لشركتي',
        'company.label': 'الشركة',
        'roof_type.label': 'ما نوع السطح الحالي؟',
        'roof_type.options.tiles': 'قرميد',
        'roof_type.options.slate': 'أردواز',
        'roof_type.options.metal': 'معدن',
        'roof_type.options.flat': 'سطح مستوٍ',
        'when.label': 'متى تريد تشغيله؟',
        'when.options.this quarter': 'خلال هذا الربع',
        'when.options.this year': 'خلال هذا العام',
        'when.options.next spring': 'في الربيع القادم',
        'when.options.no hurry': 'لست في عجلة من أمري',
        'name.label': 'الاسم',
        'email.label': 'البريد الإلكتروني',
        'phone.label': 'الهاتف',
        'message.label': 'هل من شيء آخر ينبغي أن نعرفه؟',
        'privacy.label': 'أوافق على أن تحتفظ Brightfield Solar ببياناتي للرد على هذا الطلب، ويمكنني سحب موافقتي في أي وقت.',
        'success.title': 'شكرًا لك، وصلنا طلبك.',
        'success.message': 'سيتواصل معك خلال يوم عمل واحد مخطِّط يعرف منطقتك.',
      },
    },
    success: {
      kind: 'message',
      title: 'Thank you, it has arrived.',
      message: 'A planner who knows your district writes back within a working day.',
    },
    partial: true,
    lead: { tags: ['website'], owner: { kind: 'round_robin' } },
  },
};

const callback: SeedForm = {
  id: DEMO_FORMS.callback,
  name: 'Call me back',
  goes_to: null,
  definition: {
    title: 'Shall we call you?',
    locale: 'en',
    steps: [
      {
        id: 'call',
        fields: [
          { id: 'name', type: 'text', label: 'Your name', required: true, max_length: 100, maps_to: 'contact.name' },
          { id: 'phone', type: 'tel', label: 'Phone', required: true, maps_to: 'contact.phone_number' },
          {
            id: 'time',
            type: 'radio',
            label: 'When is it good?',
            options: [
              { value: 'mornings', label: 'In the morning' },
              { value: 'afternoons', label: 'In the afternoon' },
              { value: 'evenings', label: 'After six' },
            ],
            maps_to: 'lead.notes',
          },
          { id: 'plan', type: 'hidden', maps_to: 'lead.product_interest' },
          {
            id: 'calls',
            type: 'consent',
            label: 'Brightfield Solar may call me about this.',
            required: true,
            version: '2026-01',
          },
        ],
      },
    ],
    display: {
      mode: 'slide_in',
      position: 'end',
      triggers: [{ on: 'seen', value: '#questions details:last-of-type' }, { on: 'exit' }],
      frequency: { show: 'session' },
    },
    theme,
    texts: {
      en: { submit: 'Call me' },
      ar: {
        title: 'هل تودّ أن نتصل بك؟',
        submit: 'اتصلوا بي',
        'name.label': 'الاسم',
        'phone.label': 'رقم الهاتف',
        'time.label': 'ما الوقت المناسب لك؟',
        'time.options.mornings': 'صباحًا',
        'time.options.afternoons': 'بعد الظهر',
        'time.options.evenings': 'بعد السادسة مساءً',
        'calls.label': 'أوافق على أن تتصل بي Brightfield Solar بهذا الشأن.',
        'success.title': 'سنتصل بك.',
        'success.message': 'من رقم في برلين، في الوقت الذي اخترته.',
      },
    },
    success: { kind: 'message', title: 'We will call.', message: 'From a Berlin number, at the time that you chose.' },
    lead: { tags: ['callback'], owner: { kind: 'least_loaded' } },
  },
};

const newsletter: SeedForm = {
  id: DEMO_FORMS.newsletter,
  name: 'Solar letter',
  goes_to: { pipeline: 'Nurture', stage: 'Nurture' },
  definition: {
    title: 'The solar letter, four times a year',
    locale: 'en',
    steps: [
      {
        id: 'letter',
        fields: [
          { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' },
          {
            id: 'letters',
            type: 'consent',
            label: 'Send me the solar letter. Every letter has a link that ends it.',
            required: true,
            version: '2026-01',
          },
        ],
      },
    ],
    display: { mode: 'inline' },
    theme: { ...theme, density: 'compact' },
    texts: {
      en: { submit: 'Subscribe' },
      ar: {
        title: 'نشرة الطاقة الشمسية، أربع مرات في السنة',
        submit: 'اشترك',
        'email.label': 'البريد الإلكتروني',
        'letters.label': 'أرسلوا إليّ نشرة الطاقة الشمسية. في كل عدد رابط لإلغاء الاشتراك.',
        'success.message': 'سيصلك العدد القادم.',
      },
    },
    success: { kind: 'message', message: 'The next letter is yours.' },
    lead: { tags: ['solar letter'] },
  },
};

/** Everything that the website asks its visitors. */
export const forms: readonly SeedForm[] = [quote, callback, newsletter];
