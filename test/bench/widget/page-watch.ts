/** What runs in the measured page, each as a whole: nothing of this file is there with it. */

/** The longest task that began after a moment, of those over 50 ms. */
export function longestTaskSince(from: number): Promise<number> {
  return new Promise((resolve) => {
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) if (startTime >= from) longest = Math.max(longest, duration);
    });
    observer.observe({ type: 'longtask', buffered: true });
    setTimeout(() => {
      observer.disconnect();
      resolve(longest);
    }, 50);
  });
}

/** The longest that a script ran in one go, of those in frames over 50 ms. */
export function longestScriptSoFar(): Promise<number> {
  return new Promise((resolve) => {
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { scripts } of list.getEntries() as (PerformanceEntry & { scripts: PerformanceEntry[] })[])
        longest = Math.max(longest, ...scripts.map(({ duration }) => duration));
    });
    observer.observe({ type: 'long-animation-frame', buffered: true });
    setTimeout(() => {
      observer.disconnect();
      resolve(longest);
    }, 50);
  });
}

/** How far the page has moved under its visitor. */
export function shiftSoFar(): Promise<number> {
  return new Promise((resolve) => {
    let shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(shift), 50);
  });
}

/** Leaves the longest task from here on to the page that a plain form leads to. */
export function rememberAcrossPages() {
  const from = performance.now();
  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) if (startTime >= from) longest = Math.max(longest, duration);
    sessionStorage.setItem('longest', String(longest));
  }).observe({ type: 'longtask' });
}

/** Looks at every frame whether an input is painted, through shadow roots too, and leaves the moment in `firstInput`. */
export function firstInputPainted() {
  const find = (root: ParentNode): boolean => {
    for (const element of root.querySelectorAll('*')) {
      const isInput = element instanceof HTMLInputElement && element.name !== '' && element.getBoundingClientRect().height > 8;
      if (isInput || (element.shadowRoot && find(element.shadowRoot))) return true;
    }
    return false;
  };
  const watched = window as unknown as { firstInput: Promise<number> };
  watched.firstInput = new Promise((resolve) => {
    const look = () => {
      // The frame in which it is found is the one that is painted next.
      if (find(document)) requestAnimationFrame(() => resolve(performance.now()));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
