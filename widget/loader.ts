import { launch } from './launcher/launch.ts';
import { timing } from './launcher/timing.ts';

/** The script of the CDN, with all that makes a form come by itself. */
launch(timing);
