import 'millrace/vue';
import 'millrace/components/capture/define';
import 'millrace/components/lead-table/define';
import 'millrace/components/provider/define';
import { createApp } from 'vue';
import Leads from './leads.vue';

createApp(Leads).mount('#app');
