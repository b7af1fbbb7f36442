import { browserConfig } from './scripts/browser-config.ts';
import { chromiumEngine } from './scripts/browsers.ts';

/** For `web-test-runner --watch` in Chromium; `npm test -- browser` runs the same in every installed engine. */
const { launcher } = await chromiumEngine();

export default { ...browserConfig, browsers: [launcher] };
