import { avatar, initialsOf } from '../../../src/components/shared/avatar.ts';
import { badge } from '../../../src/components/shared/badge.ts';
import { button } from '../../../src/components/shared/button.ts';
import { emptyState } from '../../../src/components/shared/empty-state.ts';
import { icons } from '../../../src/components/shared/icons.ts';
import { fieldSkeletons, skeleton } from '../../../src/components/shared/skeleton.ts';
import { toast } from '../../../src/components/shared/toast.ts';
import { describe, equal, it, ok } from '../browser-test.ts';
import { axeFindsNothing, click, find, findAll, onPage, press, show, textOf } from './part-on-page.ts';

onPage();

describe('An avatar', () => {
  it('has the first letters of the first and the last word, in any script', () => {
    const names = ['Ada Lovelace', 'Anne-Marie de la Tour', 'cher', 'محمد علي', '李小龙', 'élodie', '  ', '☎ 12'];
    equal(names.map(initialsOf), ['AL', 'AT', 'C', 'مع', '李', 'É', '?', '1']);
  });

  it('is silent beside its name, and says it where it is alone', async () => {
    const host = await show(() => () => [avatar({ name: 'Ada' }), avatar({ name: 'Ada', isAlone: true })]);
    const [beside, alone] = findAll(host, '.avatar') as [HTMLElement, HTMLElement];
    equal([beside.ariaHidden, alone.role, alone.ariaLabel], ['true', 'img', 'Ada']);
  });

  it('keeps its colour when the name changes', async () => {
    const host = await show(() => () => [
      avatar({ name: 'Ada', id: 'user-7' }),
      avatar({ name: 'Augusta Ada King', id: 'user-7' }),
    ]);
    equal(new Set(findAll(host, '.avatar').map(({ className }) => className)).size, 1);
  });
});

describe('A badge', () => {
  it('says in words what its colour repeats', async () => {
    const host = await show(() => () => badge({ text: '<b>New</b>', kind: 'accent' }));
    equal(textOf(find(host, '.badge')), '<b>New</b>');
  });
});

describe('A skeleton', () => {
  it('is not met by screen readers', async () => {
    const host = await show(() => () => [skeleton(), fieldSkeletons(2)]);
    equal(findAll(host, '.bone').length, 5);
    ok(
      findAll(host, '.bone').every(({ ariaHidden }) => ariaHidden === 'true'),
      'None is met.',
    );
  });
});

describe('A toast', () => {
  it('does what can be done about it, and is dismissed', async () => {
    const heard: string[] = [];
    const host = await show(
      () => () =>
        toast({
          text: 'Saved',
          kind: 'good',
          action: { text: 'Undo', act: () => heard.push('undone') },
          dismiss: () => heard.push('dismissed'),
          texts: { dismiss: 'Dismiss' },
        }),
    );
    const [undo, dismiss] = findAll(host, 'button') as [HTMLElement, HTMLElement];
    await click(undo);
    dismiss.focus();
    await press('Enter');
    equal(heard, ['undone', 'dismissed']);
  });
});

const texts = { dismiss: 'Dismiss' };
const dismiss = () => undefined;
axeFindsNothing({
  'badges, avatars and skeletons': () =>
    show(() => () => [
      (['neutral', 'accent', 'good', 'warning', 'bad'] as const).map((kind) => badge({ text: kind, kind })),
      Array.from({ length: 12 }, (_, number) => avatar({ name: `Person ${number}`, id: String(number), isAlone: true })),
      fieldSkeletons(2),
    ]),
  'toasts of each kind': () =>
    show(() => () => (['good', 'bad', 'neutral'] as const).map((kind) => toast({ text: kind, kind, dismiss, texts }))),
  'states without anything': () =>
    show(() => () => [
      emptyState({ icon: icons.people, title: 'No contacts yet', text: 'They come.', actions: button({ text: 'Add' }) }),
      emptyState({ icon: icons.problem, kind: 'bad', title: 'It failed', reference: 'Reference: req_1' }),
      emptyState({ icon: icons.offline, kind: 'warning', isBanner: true, title: 'Offline' }),
    ]),
});
