import type { Preview } from '@storybook/web-components-vite';
import { html } from 'lit';
import { drawn } from '../stories/support/drawn.ts';

/** Draws a story's element so that whoever turns a toolbar finds in it what was done there. */
export const drawElement: NonNullable<Preview['render']> = (args, { component }) => html`${drawn(component!, args)}`;
