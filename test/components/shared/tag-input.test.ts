import { html } from 'lit';
import { button } from '../../../src/components/shared/button.ts';
import { field } from '../../../src/components/shared/field.ts';
import { tagInput, type TagInputParts } from '../../../src/components/shared/tag-input.ts';
import { describe, equal, it } from '../browser-test.ts';
import { tagTexts } from './gallery.ts';
import { axeFindsNothing, click, find, findAll, focused, onPage, place, press, rendered, show, textOf } from './part-on-page.ts';

onPage();

async function showTags(first: readonly string[] = [], parts: Partial<TagInputParts> = {}, error?: string) {
  let tags = first;
  let sent = 0;
  const host = await show((host) => {
    const change = (to: readonly string[]) => {
      tags = to;
      host.requestUpdate();
    };
    const send = (event: Event) => {
      event.preventDefault();
      sent += 1;
    };
    return () => html`
      <form @submit=${send}>
        ${field({
          id: 'tags',
          label: 'Tags',
          error,
          control: (given) => tagInput({ ...given, tags, change, texts: tagTexts, placeholder: 'Add a tag', ...parts }),
        })}
        ${button({ text: 'Save', type: 'submit' })}
      </form>
    `;
  });
  return { host, tags: () => tags, sent: () => sent };
}

type Shown = Awaited<ReturnType<typeof showTags>>;
const input = ({ host }: Shown) => find<HTMLInputElement>(host, '#tags');
const chips = ({ host }: Shown) => findAll(host, '.tag bdi').map(textOf);
const said = ({ host }: Shown) => textOf(find(host, '[role=status]'));
const at = ({ host }: Shown) => focused(host)?.ariaLabel ?? focused(host)?.id;

async function type(shown: Shown, ...keys: string[]) {
  for (const key of keys) await press(key);
  await rendered(shown.host);
}

/** Answers whether the browser is left to paste it. */
async function paste(shown: Shown, text: string) {
  const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
  // Firefox takes no data for an event that a page makes.
  Object.defineProperty(event, 'clipboardData', { value: { getData: () => text } });
  const isLeft = input(shown).dispatchEvent(event);
  await rendered(shown.host);
  return isLeft;
}

describe('A tag input', () => {
  it('makes a tag of what is typed by Enter, without sending the form, and says so', async () => {
    const shown = await showTags();
    await click(input(shown));
    await type(shown, 'V', 'I', 'P', 'Enter');
    equal([chips(shown), input(shown).value, said(shown), shown.sent()], [['VIP'], '', 'Added VIP', 0]);
    await type(shown, 'Enter');
    equal(shown.sent(), 1);
  });

  it('makes one by a comma, and by leaving', async () => {
    const shown = await showTags();
    await click(input(shown));
    await type(shown, 'a', ',', 'b', 'Tab');
    equal(chips(shown), ['a', 'b']);
  });

  it('makes one by a comma of another script', async () => {
    const shown = await showTags();
    input(shown).focus();
    input(shown).value = 'عميل،';
    input(shown).dispatchEvent(new InputEvent('input'));
    await rendered(shown.host);
    equal(chips(shown), ['عميل']);
  });

  it('makes as many of a pasted list, in whatever way its lines are parted', async () => {
    const shown = await showTags(['VIP']);
    input(shown).focus();
    await paste(shown, 'Partner, Press;  New   York\nvip\r\n\tPartner');
    equal(chips(shown), ['VIP', 'Partner', 'Press', 'New York']);
    equal(said(shown), 'Added Partner, Press, New York');
  });

  it('leaves what is pasted to the browser where it is one word', async () => {
    const shown = await showTags();
    input(shown).focus();
    equal([await paste(shown, 'Partner'), chips(shown)], [true, []]);
  });

  it('keeps a tag once, whatever its case', async () => {
    const shown = await showTags(['VIP']);
    await click(input(shown));
    await type(shown, 'v', 'i', 'p', 'Enter');
    equal([chips(shown), input(shown).value], [['VIP'], '']);
  });

  it('takes the last one away by Backspace, while nothing is typed', async () => {
    const shown = await showTags(['One', 'Two']);
    await click(input(shown));
    await type(shown, 'x', 'Backspace');
    equal(chips(shown), ['One', 'Two']);
    await type(shown, 'Backspace');
    equal([chips(shown), said(shown), at(shown)], [['One'], 'Removed Two', 'tags']);
  });

  it('takes one away by its button, and goes on in the input', async () => {
    const shown = await showTags(['One', 'Two']);
    await click(find(shown.host, '[aria-label="Remove One"]'));
    await rendered(shown.host);
    equal([chips(shown), said(shown), at(shown)], [['Two'], 'Removed One', 'tags']);
  });

  it('is walked through by arrows, and a tag is taken away by Delete', async () => {
    const shown = await showTags(['One', 'Two', 'Three']);
    await click(input(shown));
    await type(shown, 'ArrowLeft');
    equal(at(shown), 'Remove Three');
    await type(shown, 'ArrowLeft');
    equal(at(shown), 'Remove Two');
    await type(shown, 'Delete');
    equal([chips(shown), at(shown)], [['One', 'Three'], 'Remove Three']);
    await type(shown, 'ArrowRight');
    equal(at(shown), 'tags');
  });

  it('is walked through the other way where the writing goes to the left', async () => {
    document.documentElement.dir = 'rtl';
    const shown = await showTags(['One', 'Two']);
    await click(input(shown));
    await type(shown, 'ArrowRight');
    equal(at(shown), 'Remove Two');
    await type(shown, 'ArrowLeft');
    equal(at(shown), 'tags');
  });

  it('is one stop of the Tab key before its input', async () => {
    const shown = await showTags(['One', 'Two', 'Three']);
    const before = document.createElement('input');
    place.prepend(before);
    before.focus();
    await type(shown, 'Tab');
    equal(at(shown), 'Remove Three');
    await type(shown, 'Tab');
    equal(at(shown), 'tags');
  });

  it('holds no more than its limit, says so, and keeps what found no room', async () => {
    const shown = await showTags(['One'], { limit: 2 });
    input(shown).focus();
    await paste(shown, 'Two,Three,Four');
    equal([chips(shown), input(shown).value], [['One', 'Two'], 'Three, Four']);
    equal(textOf(find(shown.host, '.readable')), 'There may be 2 tags.');
    await type(shown, 'x');
    equal(input(shown).value, 'Three, Four');
  });

  it('keeps a word typed that is too long for a tag', async () => {
    const shown = await showTags([], { maxLength: 4 });
    input(shown).focus();
    await paste(shown, 'long,longer');
    equal([chips(shown), input(shown).value], [['long'], 'longer']);
  });

  it('lets composed letters be finished by Enter first', async () => {
    const shown = await showTags();
    input(shown).focus();
    input(shown).value = 'にほん';
    input(shown).dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }));
    await rendered(shown.host);
    equal([chips(shown), input(shown).value], [[], 'にほん']);
  });

  it('is entered by a press anywhere on its box', async () => {
    const shown = await showTags(['One']);
    await click(find(shown.host, '.tag bdi'));
    equal(at(shown), 'tags');
  });

  it('shows its tags without buttons when it is read only', async () => {
    const shown = await showTags(['One'], { isReadOnly: true });
    await click(input(shown));
    await type(shown, 'Backspace');
    equal([chips(shown), findAll(shown.host, '.tag-remove').length], [['One'], 0]);
  });
});

axeFindsNothing({
  'no tags': async () => (await showTags()).host,
  'tags with an error': async () => (await showTags(['VIP', 'Partner'], { isInvalid: true }, 'Too many')).host,
  'as many tags as there may be': async () => (await showTags(['VIP', 'Partner'], { limit: 2 })).host,
  'tags that are fixed': async () => (await showTags(['VIP'], { isReadOnly: true })).host,
  'tags that are off': async () => (await showTags(['VIP'], { isDisabled: true })).host,
});
