/**
 * A member of the document itself: an image or a form of the page that is named like one would otherwise stand in its place.
 */
export const ofDocument = <K extends keyof Document>(name: K): Document[K] => Reflect.get(Document.prototype, name, document);

/** The root element, whose own members nothing in the page can stand before; none where the package is loaded without a page. */
export const root = globalThis.document && ofDocument('documentElement');
