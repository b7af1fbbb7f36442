/** Heard at `mousedown`: a press with a pointer leaves the focus where someone works. */
export const keepFocus = (event: MouseEvent) => event.preventDefault();
