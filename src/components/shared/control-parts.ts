/** What every control can be told; a field tells it to the control that it holds. */
export interface ControlParts {
  /** Unique within the shadow root: the label and what is said of the control refer to it. */
  id: string;
  /** What screen readers call it where no label is shown. */
  label?: string | undefined;
  /** The ids of what is said of it. */
  describedBy?: string | undefined;
  isRequired?: boolean | undefined;
  isDisabled?: boolean | undefined;
  isReadOnly?: boolean | undefined;
  isInvalid?: boolean | undefined;
}
