import { launch } from './launcher/launch.ts';
import { formIdIn, IN_PAGE } from './launcher/naming.ts';
import { inlineForms } from './page/inline-forms.ts';

/** The script of the CDN for pages whose forms all stand in the page: everything that these need. */
launch(IN_PAGE, formIdIn, inlineForms);
