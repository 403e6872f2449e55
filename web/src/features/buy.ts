/** From the order to the ticket, in one file to load. */
export { default as CheckoutPage } from './checkout/CheckoutPage';
export { default as ReturnPage } from './checkout/ReturnPage';
export { default as OrderPage } from './orders/OrderPage';
export { default as OrdersPage } from './orders/OrdersPage';
export { default as TicketPage } from './tickets/TicketPage';
