import 'millrace/svelte';
import { mount } from 'svelte';
import Leads from './leads.svelte';

mount(Leads, { target: document.getElementById('app')! });
