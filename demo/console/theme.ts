import { restore, store } from './storage.ts';

const KEY = 'millrace-theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the console is dark now, by the person's choice or else by their system. */
export const isDark = () => (document.documentElement.dataset.theme ?? (systemDark.matches ? 'dark' : 'light')) === 'dark';

/** Applies the theme chosen on an earlier visit, and calls `changed` when the system turns. */
export function restoreTheme(changed: () => void) {
  const chosen = restore(KEY);
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
  systemDark.addEventListener('change', changed);
}

/** Turns light to dark or back; choosing what the system has means to follow it again. */
export function toggleTheme() {
  const chosen = isDark() ? 'light' : 'dark';
  const followsSystem = (chosen === 'dark') === systemDark.matches;
  if (followsSystem) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  store(KEY, followsSystem ? undefined : chosen);
}
