/** Running and watching sales: which page an address is. The dashboard is a file of its own. */
import { lazy, useRoute } from 'preact-iso';
import GatePage from './operator/GatePage';
import OperatorPage from './operator/OperatorPage';
import './operator/table.css';
import './operator/tabs.css';

const Ops = lazy(() => import('./ops'));
const Organise = lazy(() => import('./organise'));

export default function Operator() {
  const { path, params } = useRoute();
  if (path.startsWith('/ops/organise')) return <Organise />;
  if (path.startsWith('/ops')) return <Ops />;
  return params['page'] === 'gate' ? <GatePage /> : <OperatorPage />;
}
