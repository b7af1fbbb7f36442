import { launch } from './launcher/launch.ts';
import { formIdIn, IN_PAGE } from './launcher/naming.ts';

/** The script of the CDN for pages whose forms all stand in the page. */
launch(IN_PAGE, formIdIn);
