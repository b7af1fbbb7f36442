import { html, nothing } from 'lit';
import type { DialogController } from '../../controllers/dialog-controller.ts';
import { button } from './button.ts';
import { icons } from './icons.ts';

export interface DialogParts {
  dialog: DialogController;
  title: string;
  /** Made only while it is open. */
  body: () => unknown;
  /** Its buttons, the one that does it last; they stay in sight while the body scrolls. */
  footer?: (() => unknown) | undefined;
  size?: 'small' | 'medium' | 'large' | undefined;
  /** It interrupts with a question, which screen readers read in full. */
  isAlert?: boolean | undefined;
  texts: { close: string };
}

/** A window over the page. On narrow screens it takes their whole width. */
export function dialog({ dialog, title, body, footer, size = 'medium', isAlert, texts }: DialogParts) {
  const { id } = dialog;
  return html`
    <dialog
      class="dialog ${size}"
      part="dialog"
      id=${id}
      role=${isAlert ? 'alertdialog' : nothing}
      aria-labelledby=${`${id}-title`}
      aria-describedby=${isAlert ? `${id}-body` : nothing}
      tabindex="-1"
      @keydown=${dialog.keydown}
      @cancel=${dialog.cancel}
      @close=${dialog.closed}
      @pointerdown=${dialog.pressStart}
      @click=${dialog.press}
    >
      ${
        dialog.isOpen
          ? html`
            <div class="dialog-header">
              <h2 class="dialog-title" id=${`${id}-title`}>${title}</h2>
              ${isAlert ? nothing : closeButton(dialog, texts.close)}
            </div>
            <div class="dialog-body" id=${`${id}-body`}>${body()}</div>
            ${footer ? html`<div class="dialog-footer">${footer()}</div>` : nothing}
          `
          : nothing
      }
    </dialog>
  `;
}

const closeButton = (dialog: DialogController, text: string) =>
  button({ text, icon: icons.close, kind: 'quiet', isIconOnly: true, press: () => void dialog.askToClose() });
