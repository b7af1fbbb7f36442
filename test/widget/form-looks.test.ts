import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormTheme } from '../../src/contract/form-definition.ts';
import { describe, equal, it, ok, until } from '../components/browser-test.ts';
import { axeFindsNothing, CONSENT, EMAIL, formOf, NAME, onPage, place, settled, Shown, STARS, twoSteps } from './form-on-page.ts';

onPage();

const options = (...labels: string[]) => labels.map((label) => ({ value: label, label }));

const FORMS: Record<string, PublicForm['steps']> = {
  newsletter: [{ id: 'one', fields: [EMAIL, CONSENT] }],
  callback: [
    {
      id: 'one',
      fields: [
        { ...NAME, width: 'half' },
        {
          id: 'phone',
          type: 'tel',
          label: 'Phone',
          required: true,
          width: 'half',
          help: 'With the code of your country, please.',
        },
        {
          id: 'when',
          type: 'radio',
          label: 'When may we call?',
          options: options('In the morning', 'At noon', 'In the afternoon'),
        },
        {
          ...CONSENT,
          label:
            'I agree that you store my name and my phone number to call me back, and I know that I can take this back at any time by a word to you.',
        },
      ],
    },
  ],
  quote: [
    {
      id: 'roof',
      title: 'Your roof',
      fields: [
        { id: 'kind', type: 'select', label: 'What is it about?', required: true, options: options('A new roof', 'A repair') },
        { id: 'area', type: 'number', label: 'Area in square metres', width: 'half' },
        { id: 'day', type: 'date', label: 'Preferred day', width: 'half' },
        {
          id: 'also',
          type: 'multi_select',
          label: 'Are you interested in more?',
          options: options('Solar panels', 'A battery', 'Windows', 'A heat pump'),
        },
        STARS,
        { id: 'nick', type: 'text', label: 'Asked for later', show_if: { all: [{ field: 'area', operator: 'filled' }] } },
      ],
    },
    {
      id: 'you',
      title: 'How do we reach you?',
      fields: [
        { id: 'head', type: 'heading', label: 'Your details' },
        NAME,
        EMAIL,
        { id: 'message', type: 'textarea', label: 'Message' },
        CONSENT,
      ],
    },
  ],
};

describe('The height that a page reserves', () => {
  for (const [name, steps] of Object.entries(FORMS)) {
    for (const theme of [{}, { density: 'compact' as const }]) {
      it(`is that of the form ${name}${theme.density ? `, ${theme.density}` : ''}, and never less`, () => {
        place.style.fontFamily = 'Arial, Helvetica, sans-serif';
        for (const width of [320, 480, 768]) {
          sessionStorage.clear();
          place.style.width = `${width}px`;
          const form = formOf(steps, { theme });
          const shown = new Shown(form);
          const reserved = form.heights.findLast(([from]) => from <= width)![1];
          // The form in its frame: the frame itself is as high as the page has reserved.
          const height = () => shown.find('form').getBoundingClientRect().height + 2 * (24 + 1);
          let highest = height();
          if (steps[1]) {
            shown.fill('kind', 'A repair');
            shown.button('Next').click();
            highest = Math.max(highest, height());
          }
          ok(reserved >= highest && reserved <= highest + 24, `${name} at ${width}: ${reserved} for ${highest}`);
          equal(Math.round(shown.host.getBoundingClientRect().height), reserved);
          shown.capture.destroy();
        }
      });
    }
  }
});

it('A form that is sent keeps its frame, so that nothing below it moves', async () => {
  const shown = new Shown(formOf([{ id: 'one', fields: [NAME, EMAIL, { id: 'message', type: 'textarea', label: 'Message' }] }]));
  const before = shown.host.getBoundingClientRect().height;
  shown.fill('name', 'Ada');
  shown.fill('email', 'ada@example.com');
  shown.find('.main').click();
  await settled();
  const [frame, said] = ['.body', '.result'].map((selector) => shown.find(selector).getBoundingClientRect());
  equal([shown.host.getBoundingClientRect().height, frame!.height], [before, before]);
  equal(Math.round(said!.top - frame!.top), Math.round(frame!.bottom - said!.bottom));
});

describe('A form', () => {
  for (const [scheme, width, dir] of [
    ['light', 1000, 'ltr'],
    ['dark', 1000, 'ltr'],
    ['light', 320, 'rtl'],
    ['dark', 320, 'rtl'],
  ] as const) {
    it(`gives axe nothing to find, ${scheme}, ${dir} and ${width} wide, whatever it shows`, async () => {
      Object.assign(place.style, { colorScheme: scheme, width: `${width}px`, background: 'Canvas' });
      const locale = dir === 'rtl' ? 'ar' : 'en';
      for (const steps of Object.values(FORMS)) {
        sessionStorage.clear();
        const shown = new Shown(formOf(steps, { dir, locale }));
        await axeFindsNothing();
        shown.find('.main').click();
        await axeFindsNothing();
        ok(place.scrollWidth <= width, 'Nothing sticks out.');
        shown.capture.destroy();
      }
      const shown = new Shown(twoSteps({ dir, locale }), { prefill: { name: 'Ada', email: 'ada@example.com' } });
      shown.sending.late = [];
      shown.find('.main').click();
      shown.fill('consent', true);
      shown.find('.main').click();
      await settled();
      ok(shown.result, 'It was sent.');
      await axeFindsNothing();
    });
  }

  it('writes on any brand colour so that it can be read', async () => {
    for (const brand_color of ['#ffffff', '#000000', '#ffcc00', '#0f6cad', '#e11d48', '#16a34a', '#777777', '#7a7a7a']) {
      const shown = new Shown(formOf([{ id: 'one', fields: [NAME] }], { theme: { brand_color, background: '#fdfdf0' } }));
      ok(contrast(shown.find('.main')) >= 4.5, `${brand_color}: ${contrast(shown.find('.main'))}`);
      await axeFindsNothing(shown.host);
      shown.capture.destroy();
    }
  });

  it('writes on any background so that it can be read', async () => {
    for (const background of ['#101418', '#fffbe6', '#204060']) {
      const shown = new Shown(formOf([{ id: 'one', fields: [NAME, EMAIL] }], { theme: { background } }));
      await axeFindsNothing(shown.host);
      shown.capture.destroy();
    }
  });

  it('looks as its author and, before them, its page want', () => {
    const theme = { brand_color: '#e11d48', radius: 'large' as const, font_family: 'Georgia, serif', text_color: '#102030' };
    const shown = new Shown(formOf([{ id: 'one', fields: [NAME] }], { theme }));
    const button = getComputedStyle(shown.find('.main'));
    equal([button.backgroundColor, button.borderRadius, button.fontFamily], ['rgb(225, 29, 72)', '14px', 'Georgia, serif']);
    equal(getComputedStyle(shown.find('.label')).color, 'rgb(16, 32, 48)');
    place.style.setProperty('--mill-accent', '#00ff00');
    equal(getComputedStyle(shown.find('.main')).backgroundColor, 'rgb(0, 255, 0)');
  });

  it('is light or dark with its page unless its author says otherwise', () => {
    place.style.colorScheme = 'dark';
    const scheme = (theme: FormTheme) =>
      getComputedStyle(new Shown(formOf([{ id: 'one', fields: [NAME] }], { theme })).find('.root')).colorScheme;
    equal(
      [scheme({}), scheme({ color_scheme: 'light' }), scheme({ color_scheme: 'dark' }), scheme({ color_scheme: 'system' })],
      ['dark', 'light', 'dark', 'light dark'],
    );
  });

  it('has targets of 44 pixels, and text of 16 where people type', async () => {
    const shown = new Shown(formOf(FORMS['quote']!));
    await until('it is seen', () => shown.views > 0);
    for (const each of shown.findAll('.input, .option, button').filter((each) => each.checkVisibility()))
      ok(each.getBoundingClientRect().height >= 44, `${each.outerHTML} is ${each.getBoundingClientRect().height} high`);
    equal(getComputedStyle(shown.find('.input')).fontSize, '16px');
  });
});

/** The contrast of an element's text with its own background, as WCAG has it. */
function contrast(element: Element) {
  const { color, backgroundColor } = getComputedStyle(element);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const luminance = (style: string) => {
    canvas.fillStyle = style;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data]
      .map((part) => part / 255)
      .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [low, high] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}
