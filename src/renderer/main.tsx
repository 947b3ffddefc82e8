import './no-eval.ts';
import './styles/global.css';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '../shared/bridge.ts';
import { App } from './app/app.tsx';
import { createWindowApp } from './app/create-window.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly bridge: Bridge;
  }
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
const { services } = createWindowApp(window.bridge, window);
createRoot(root).render(<App services={services} />);
