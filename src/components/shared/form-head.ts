import { html, nothing } from 'lit';
import type { FormStatus } from '../../controllers/form-controller.ts';
import type { common as words, errors as problems, forms as sentences } from '../../locales/en.ts';
import { button } from './button.ts';
import { errorSummary } from './error-summary.ts';
import { banner, conflictList, savingBanner, type ShownConflict } from './form-notices.ts';
import { icons } from './icons.ts';
import type { Localized } from './localized.ts';
import { failureText } from './problem-text.ts';

/** Texts that each kind of record has in its own words. */
type OwnText = 'notice.deleted.title' | 'notice.deleted.text' | 'notice.forbidden.title' | 'notice.forbidden.text';

interface HeadParts {
  status: FormStatus;
  /** Why it could not be saved, where nothing else says that. */
  error: unknown;
  isReadOnly: boolean;
  /** The custom fields could not be loaded. */
  hasNoFields: boolean;
  problems: readonly { control: string | undefined; label: string | undefined; text: string }[];
  isTried: boolean;
  conflicts: readonly ShownConflict[];
  say(name: OwnText): string;
  common: Localized<typeof words>;
  errors: Localized<typeof problems>;
  forms: Localized<typeof sentences>;
  submit(): void;
  reloadFields(): void;
  settle(name: string, favour: 'mine' | 'theirs'): void;
}

/** What has to be known of a form as a whole, above its fields. */
export const formHead = (parts: HeadParts) => html`
  <div class="notices" role="alert">${banners(parts)}</div>
  ${conflictList(parts.forms, parts.conflicts, parts.settle)} ${summary(parts)}
`;

function banners(parts: HeadParts) {
  const { status, isReadOnly, say } = parts;
  if (status === 'gone')
    return banner({ kind: 'bad', icon: icons.warning, title: say('notice.deleted.title'), text: say('notice.deleted.text') });
  if (isReadOnly)
    return banner({
      kind: 'neutral',
      icon: icons.lock,
      title: say('notice.forbidden.title'),
      text: say('notice.forbidden.text'),
    });
  return [saving(parts), parts.hasNoFields ? withoutFields(parts) : nothing];
}

function saving({ status, error, problems, common, errors, forms, submit }: HeadParts) {
  const {
    requestId,
    status: code = 0,
    retryAfter,
  } = (error ?? {}) as { requestId?: string; status?: number; retryAfter?: number };
  // What was refused for what it is, or for who asks, is refused again.
  const mayHelp = code === 0 || code === 429 || code >= 500 || retryAfter !== undefined;
  return savingBanner(forms, {
    status,
    isOnline: navigator.onLine,
    failure: status === 'failed' && error !== undefined && problems.length === 0 ? failureText(errors, error) : undefined,
    reference: requestId && code >= 500 ? common.text('reference', { id: requestId }) : undefined,
    retry: mayHelp ? { text: common.text('retry'), press: submit } : undefined,
  });
}

/** The values of fields that are not known stay as they are. */
const withoutFields = ({ common, forms, reloadFields }: HeadParts) =>
  banner({
    kind: 'warning',
    icon: icons.info,
    text: forms.text('custom.failed'),
    actions: button({ text: common.text('retry'), isSmall: true, press: reloadFields }),
  });

function summary({ isTried, problems, errors, forms }: HeadParts) {
  if (!isTried) return nothing;
  return errorSummary({
    id: 'summary',
    title: forms.text('summary', { count: problems.length }),
    errors: problems.map(({ control, label, text }) => ({
      field: control,
      text: label === undefined ? text : errors.text('labelled', { label, problem: text }),
    })),
  });
}
