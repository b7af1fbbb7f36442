import type { PublicTheme } from '../../src/contract/capture.ts';
import { FormTheme } from '../../src/contract/form-definition.ts';
import { readableOn } from '../hosted/contrast.ts';

const RADII = { none: '0', small: '4px', medium: '8px', large: '14px' };
const SCHEMES = { light: 'light', dark: 'dark', system: 'light dark' } as const;

/** The workspace's look, with what the form says over it, as style sheets take it. */
export function publicTheme(ofForm: FormTheme = {}, ofWorkspace: object): PublicTheme {
  const { radius, color_scheme, density, ...theme } = { ...lent(ofWorkspace), ...ofForm };
  return {
    ...(theme.background !== undefined && { text_color: readableOn(theme.background) }),
    ...theme,
    ...(radius && { radius: RADII[radius] }),
    ...(color_scheme && { color_scheme: SCHEMES[color_scheme] }),
    ...(density === 'compact' && { space: '10px' }),
  };
}

/** What of a workspace's look a form can have. */
const lent = (theme: object): FormTheme =>
  Object.fromEntries(
    Object.entries(theme).filter(([name, value]) => {
      const rule = FormTheme.shape[name as keyof FormTheme];
      return rule !== undefined && value !== null && rule.safeParse(value).success;
    }),
  );
