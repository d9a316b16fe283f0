import type { SmallWindowBridge } from '../../shared/bridge/small-window.ts';
import { AlertPage } from './alert-page.ts';
import '../theme/tokens.css';
import './small-window.css';

declare global {
  interface Window {
    readonly parklineAlerts?: SmallWindowBridge;
  }
}

const root = document.getElementById('alerts');
if (root !== null && window.parklineAlerts !== undefined) {
  void new AlertPage(root, window.parklineAlerts).start();
}
