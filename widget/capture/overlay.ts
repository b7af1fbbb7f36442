import { h, on } from './element.ts';
import styles from './overlay.styles.ts';
import type { ShapeMaker } from './show.ts';

/** A form that lies above the page: over all of it where it asks for attention, else beside what is read. */
export const OVERLAY: ShapeMaker = {
  styles,
  make({ form, text, emit, track }, filling) {
    const { title } = form;
    const { mode, position = 'end', opener = mode === 'side_tab' ? (title ?? text('submit')) : undefined } = form.display;
    const coversPage = mode === 'popup' || mode === 'full_screen';
    const cross = h('button', { type: 'button', class: 'close', 'aria-label': text('close') });
    // A dialog that is shown as a popover would take the focus.
    const panel = h(
      (coversPage ? 'dialog' : 'div') as 'dialog',
      {
        role: 'dialog',
        class: `panel ${position}`,
        tabindex: -1,
        popover: !coversPage && 'manual',
        'aria-label': title ?? opener ?? text('submit'),
      },
      cross,
      filling.element,
    );
    let isOpen = false;
    let before: Element | null = null;

    function open(byVisitor?: boolean) {
      if (!panel.isConnected) return;
      if (isOpen) {
        // It came by itself; now the visitor asks for it.
        if (byVisitor && !panel.matches(':focus-within')) {
          before = focused();
          panel.focus();
        }
        return;
      }
      isOpen = true;
      before = focused();
      if (coversPage) panel.showModal();
      else panel.showPopover();
      if (byVisitor || coversPage) panel.focus();
      emit('mill-form-opened');
    }

    function close() {
      if (!isOpen) return;
      isOpen = false;
      const hadFocus = panel.matches(':focus-within');
      if (coversPage) panel.close();
      else if (panel.isConnected) panel.hidePopover();
      if (hadFocus) (before as HTMLElement | null)?.focus();
      // To close what is sent is no dismissal.
      if (!filling.element.querySelector('.result')) track('close');
      emit('mill-form-closed');
    }

    on(cross, 'click', close);
    // The browser tells of a closing later, when the form may be open again.
    on(panel, 'close', () => panel.open || close());
    on(panel, 'keydown', ({ key }) => {
      if (key === 'Escape') close();
    });
    on(panel, 'click', ({ target }) => {
      // Beside the dialog is the page behind it; where there are answers, a slip of the finger does not hide them.
      if (target === panel && coversPage && !filling.isUnderWay) close();
    });

    const elements: HTMLElement[] = [panel];
    if (opener !== undefined) {
      const button = h(
        'button',
        { type: 'button', class: `opener main ${position}`, 'aria-haspopup': 'dialog' },
        h('span', {}, opener),
      );
      on(button, 'click', () => (isOpen ? close() : open(true)));
      elements.unshift(button);
    }
    return {
      elements,
      open,
      close,
      get isOpen() {
        return isOpen;
      },
    };
  },
};

/** What has the focus, through every open shadow tree. */
function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}
