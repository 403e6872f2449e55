/** Running a sale, in one file to load: which of its pages an address is. */
import { useRoute } from 'preact-iso';
import GatePage from './operator/GatePage';
import OperatorPage from './operator/OperatorPage';

export default function Operator() {
  return useRoute().params['page'] === 'gate' ? <GatePage /> : <OperatorPage />;
}
