import 'millrace/jsx';
import type { LeadTable as LeadTableElement } from 'millrace';
import { Capture, LeadTable, Provider } from 'millrace/react';
import { useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { answer } from './answers.ts';

const getToken = async () => 'token';

function App() {
  const table = useRef<LeadTableElement>(null);
  const [opened, setOpened] = useState('nothing');
  return (
    <Provider baseUrl="https://crm.example.com" getToken={getToken} fetch={answer} theme="dark">
      <LeadTable
        ref={table}
        pageSize={2}
        className="leads"
        onMillLeadOpen={(event) => {
          event.preventDefault();
          setOpened(event.detail.lead.title);
        }}
      />
      <mill-lead-table pageSize={2} onmill-lead-open={(event) => console.log(event.detail.lead.title)} />
      <Capture data-theme="light" onMillFormSubmitted={(event) => console.log(event.detail.submissionId)} />
      <button onClick={() => void table.current?.refresh()}>Refresh</button>
      <output>{opened}</output>
    </Provider>
  );
}

createRoot(document.getElementById('app')!).render(<App />);
