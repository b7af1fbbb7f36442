import { launch } from './launcher/launch.ts';
launch();
