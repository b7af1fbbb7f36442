/** The words of `data-mill-<word>="ID"`: the first puts a form into the element, the others make an opener of it. */
export const WORDS = ['form', 'popup', 'slide', 'tab', 'banner', 'full'] as const;

/** What puts a form into the page. */
export const IN_PAGE = 'script[data-form],[data-mill-form]';
/** That, and what else is a form's place; an element that is defined minds its own business. */
export const PLACES = `${IN_PAGE},mill-capture[form]:not(:defined),[data-mill-open]`;

/** What opens a form when it is clicked. */
export const OPENERS = WORDS.slice(1)
  .map((word) => `[data-mill-${word}]`)
  .join();

/** A form that works without us, and that the widget stands in for. */
export const PLAIN_FORMS = 'form[action*="/public/forms/"]';

/** What an element says of its form: `data-mill-lang`, or `data-lang` as scripts have it. */
export const said = (element: Element, word: string) =>
  element.getAttribute(`data-mill-${word}`) ?? element.getAttribute(`data-${word}`);

/** The id of the form that an element puts into the page. */
export const formIdIn = (element: Element) => said(element, 'form');

/** The id of the form that an element names. */
export const formIdOn = (element: Element) =>
  WORDS.map((word) => said(element, word)).find(Boolean) ?? element.getAttribute('form');
