import type { ControlParts } from './control-parts.ts';

/** The classes of the box that has the border around an input and what stands beside it. */
export function boxLooks({ isDisabled, isReadOnly }: ControlParts, ...others: (string | false | undefined)[]) {
  return ['input boxed', isDisabled && 'disabled', isReadOnly && 'read-only', ...others].filter(Boolean).join(' ');
}

/** For the box's `mousedown`: a press on it, beside its buttons, is one on its input. */
export function enterBox(event: MouseEvent) {
  const target = event.target as Element;
  if (target.closest('button, input, .popup')) return;
  event.preventDefault();
  (event.currentTarget as Element).querySelector('input')?.focus();
}
