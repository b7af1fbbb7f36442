import type { Preview } from '@storybook/web-components-vite';

type Enhance = Extract<NonNullable<Preview['argTypesEnhancers']>, readonly unknown[]>[number];
type ArgType = ReturnType<Enhance>[string];

/** Gives each argument the control that its type in the manifest asks for: none where nothing could be typed into it. */
export const controlsByType: Enhance = ({ argTypes }) =>
  Object.fromEntries(Object.entries(argTypes).map(([name, argType]) => [name, { ...argType, ...controlOf(argType) }]));

function controlOf({ table }: ArgType): Partial<ArgType> {
  const type = (table?.type?.summary ?? '').replace(/ \| undefined$/, '');
  const words = [...type.matchAll(/'([^']*)'/g)].map(([, word]) => word!);
  const isOfElement = table?.category === 'properties' || table?.category === 'attributes';
  if (isOfElement && words.length > 1) return { control: { type: 'select' }, options: words };
  const plain = { string: 'text', number: 'number', boolean: 'boolean' } as const;
  if (isOfElement && type in plain) return { control: { type: plain[type as keyof typeof plain] } };
  return { control: false };
}
