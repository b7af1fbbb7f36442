import { launch } from './launcher/launch.ts';
import { loadForms } from './launcher/load-forms.ts';
import { mindPage } from './launcher/mind-page.ts';
import { formIdOn, PLACES } from './launcher/naming.ts';
import { takeOver } from './launcher/take-over.ts';
import { timing } from './launcher/timing.ts';

/** The script of the CDN, with all that makes a form come by itself. */
takeOver();
launch(PLACES, formIdOn, loadForms, (launcher, signal) => {
  mindPage(launcher, signal);
  return timing(launcher, signal);
});
