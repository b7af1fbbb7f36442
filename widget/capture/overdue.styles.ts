/** Where the notice of what could not be sent stands: above the page, out of the way of forms. */
export default `
.overdue {
  position: fixed;
  z-index: 2147483647;
  inset-block-end: 16px;
  inset-inline-start: 16px;
  display: grid;
  gap: 20px;
  max-inline-size: min(360px, 100vi - 32px);
}
`;
