/** What the seat map says, in the language of now. */
import { texts } from '../../i18n';
import { compact } from '../../i18n/dates';
import type { SeatMapStrings } from '../seatmap/SeatMap';

const t = texts('seats');

export function mapStrings(): SeatMapStrings {
  return {
    map: t('map.name'),
    help: t('map.help'),
    zoomIn: t('map.zoom_in'),
    zoomOut: t('map.zoom_out'),
    fit: t('map.fit'),
    list: t('map.list'),
    closeList: t('map.close_list'),
    legend: t('map.legend'),
    stage: t('map.stage'),
    soldOut: t('map.sold_out'),
    states: {
      free: t('map.free'),
      held: t('map.held'),
      sold: t('map.sold'),
      not_for_sale: t('map.off'),
      mine: t('map.mine'),
    },
    accessible: t('map.accessible'),
    companion: t('map.companion'),
    restrictedView: t('map.restricted'),
    section: (label) => t('map.section', { label }),
    row: (label) => t('map.row', { label }),
    tableName: (label) => t('map.table', { label }),
    seat: (section, row, seat) =>
      row === '' ? t('map.seat_no_row', { section, seat }) : t('map.seat', { section, row, seat }),
    tableSeat: (section, table, seat) => t('map.table_seat', { section, table, seat }),
    table: (section, table, seats) => t('map.whole_table', { section, table, n: seats }),
    free: (count) => t('map.left', { n: count }),
    count: (free) => compact(free),
  };
}
