import { describe, equal, it, ok } from '../browser-test.ts';
import { gallery } from './gallery.ts';
import { atRest, axeFindsNothing, find, findAll, onPage, place, show, type PartHost } from './part-on-page.ts';

onPage();

const showGallery = async (theme: Record<string, string> = {}) => {
  for (const [name, value] of Object.entries(theme)) place.style.setProperty(`--mill-${name}`, value);
  const host = await show(gallery);
  await atRest(host);
  return host;
};

const BRAND = {
  accent: 'light-dark(#6d28d9, #c4b5fd)',
  'accent-hover': 'light-dark(#5b21b6, #ddd6fe)',
  'on-accent': 'light-dark(#ffffff, #1e1033)',
  'accent-surface': 'light-dark(#ede9fe, #2e1065)',
  'radius-small': '0.75rem',
  'radius-large': '1.25rem',
};

/** One of each: a button, an input, a select, a day, a combobox. */
const heights = (host: PartHost) => [
  ...new Set(
    [
      find(host, '#open-dialog'),
      find(host, '#name').closest('.input')!,
      find(host, '#status'),
      find(host, '#close-date'),
      find(host, '#company').closest('.input')!,
    ].map((control) => Math.round(control.getBoundingClientRect().height)),
  ),
];

describe('All parts', () => {
  it('have one height, which follows the density', async () => {
    const comfortable = matchMedia('(pointer: coarse)').matches ? 44 : 40;
    equal(heights(await showGallery()), [comfortable]);
    place.replaceChildren();
    if (comfortable === 40) equal(heights(await showGallery({ density: '0' })), [32]);
  });

  it('take the height that a page gives them', async () => {
    equal(heights(await showGallery({ 'control-height': '50px' })), [50]);
  });

  it('fit into 320 pixels, also where text is twice as large', async () => {
    Object.assign(place.style, { inlineSize: '320px' });
    const host = await showGallery({ 'text-small': '1.625rem', 'text-medium': '1.875rem', 'text-large': '2.125rem' });
    const edge = place.getBoundingClientRect().right;
    const beyond = findAll(host, 'button, input, select, textarea, p, label').filter(
      (each) => each.getBoundingClientRect().width > 1 && Math.floor(each.getBoundingClientRect().right) > edge,
    );
    equal(
      beyond.map(({ className, id }) => `${className}#${id}`),
      [],
    );
  });

  it('carry no style attribute in their templates', async () => {
    const host = await showGallery();
    equal(findAll(host, '[style]').length, 0);
  });

  it('have ids that are there once', async () => {
    const ids = findAll(await showGallery(), '[id]').map(({ id }) => id);
    equal(ids.length, new Set(ids).size);
    ok(ids.length > 20, 'There are ids.');
  });
});

axeFindsNothing({
  'every part': () => showGallery(),
  'every part, compact': () => showGallery({ density: '0' }),
  'every part with a brand': () => showGallery(BRAND),
});
