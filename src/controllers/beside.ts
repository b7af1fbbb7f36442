/** Where a popover stands by the element that it belongs to. */
export interface Placement {
  /** Which side it takes where both have room; below unless said. */
  side?: 'below' | 'above' | undefined;
  /** Which edges it shares, in the direction of the writing; those at the start unless said. */
  align?: 'start' | 'end' | 'center' | undefined;
  /** At least as wide as the element. */
  isAsWide?: boolean | undefined;
  /** How high it may be at most, in pixels; what is more scrolls. */
  tallest?: number | undefined;
}

interface Stay {
  /** The element can't be seen any more: it was scrolled away or removed. */
  gone(): void;
  signal: AbortSignal;
}

/** Between the two, and to the edges of the window. */
const GAP = 4;
const EDGE = 8;

/**
 * Keeps an open popover beside an element, whatever scrolls or changes its size: within the window, on the side with room
 * for it, and no higher than that room. It is computed in every browser, as where CSS can do it, a popover that
 * belongs to something in a box that scrolls may be clipped by the box.
 */
export function keepBeside(popover: HTMLElement, element: Element, placement: Placement, { gone, signal }: Stay) {
  let side = placement.side ?? 'below';
  const place = () => (side = placeBeside(popover, element, { ...placement, side }));
  place();

  // Sizes are told within a frame, and placing may change them once more.
  const sizes = new ResizeObserver(() => requestAnimationFrame(() => signal.aborted || place()));
  sizes.observe(popover);
  sizes.observe(element);
  const sight = new IntersectionObserver((entries) => entries.at(-1)!.isIntersecting || gone());
  sight.observe(element);
  signal.addEventListener('abort', () => {
    sizes.disconnect();
    sight.disconnect();
  });
  addEventListener('scroll', place, { capture: true, passive: true, signal });
  addEventListener('resize', place, { signal });
  visualViewport?.addEventListener('scroll', place, { signal });
  visualViewport?.addEventListener('resize', place, { signal });
}

/** Answers the side that it took, which it keeps while there is room enough. */
function placeBeside(popover: HTMLElement, element: Element, { side, align, isAsWide, tallest = 320 }: Placement) {
  const { style } = popover;
  const at = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  // The keyboard of a phone covers the window without making it smaller.
  const top = visualViewport?.offsetTop ?? 0;
  const bottom = Math.min(clientHeight, top + (visualViewport?.height ?? clientHeight));

  style.minInlineSize = isAsWide ? `${at.width}px` : '';
  const borders = popover.offsetHeight - popover.clientHeight;
  const wanted = Math.min(popover.scrollHeight + borders, tallest);
  const room = { below: bottom - at.bottom - GAP - EDGE, above: at.top - top - GAP - EDGE };
  const roomier = room.below >= room.above ? 'below' : 'above';
  const taken = side && wanted <= room[side] ? side : roomier;
  style.maxBlockSize = `${Math.max(0, Math.min(tallest, room[taken]))}px`;
  style.top = taken === 'below' ? `${at.bottom + GAP}px` : 'auto';
  style.bottom = taken === 'above' ? `${clientHeight - at.top + GAP}px` : 'auto';

  const width = popover.offsetWidth;
  const isMirrored = getComputedStyle(element).direction === 'rtl';
  const sharesLeft = (align ?? 'start') === (isMirrored ? 'end' : 'start');
  const wished = align === 'center' ? at.left + (at.width - width) / 2 : sharesLeft ? at.left : at.right - width;
  style.left = `${Math.max(EDGE, Math.min(wished, clientWidth - EDGE - width))}px`;
  return taken;
}
