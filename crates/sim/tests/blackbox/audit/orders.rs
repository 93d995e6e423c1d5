//! Orders and their money end in the same place, and the shop has heard of everything.

use holdfast_core::order::{Funding, Order, OrderState};
use holdfast_core::webhook::DeliveryState;

use super::Books;

/// Orders whose money is elsewhere than their state says, or still on its way.
pub(crate) fn orders_are_where_their_money_is(books: &Books) -> Vec<String> {
    let wrong = books.orders.iter().filter(|order| !is_where_its_money_is(order));
    wrong
        .map(|order| {
            let Order { id, state, funding, refunded, total, .. } = order;
            let state = state.name();
            format!("{id} is {state}, its money {funding:?}, {refunded:?} of {total:?} went back")
        })
        .collect()
}

fn is_where_its_money_is(order: &Order) -> bool {
    let is_whole_back = order.refunded == order.total;
    match (&order.state, &order.funding) {
        (OrderState::AwaitingShipment { .. }, Funding::Authorized | Funding::Held { .. }) => true,
        (
            OrderState::Shipped { .. }
            | OrderState::Delivered { .. }
            | OrderState::InClaim { .. }
            | OrderState::Completed { .. },
            Funding::Held { .. },
        ) => true,
        // What was taken together with another order's part goes back as a refund.
        (OrderState::Canceled { .. }, Funding::Returned | Funding::Held { .. }) => is_whole_back,
        (OrderState::Refunded { .. }, Funding::Held { .. }) => is_whole_back,
        (
            OrderState::AwaitingShipment { .. }
            | OrderState::Shipped { .. }
            | OrderState::Delivered { .. }
            | OrderState::InClaim { .. }
            | OrderState::Completed { .. }
            | OrderState::Canceled { .. }
            | OrderState::Refunded { .. },
            _,
        ) => false,
    }
}

/// Events that the shop has not accepted.
pub(crate) fn all_delivered(books: &Books) -> Vec<String> {
    let delivered = |state| matches!(state, DeliveryState::Delivered { .. });
    let not = books.deliveries.iter().filter(|delivery| !delivered(delivery.state));
    not.map(|it| format!("{} was tried {} times: {:?}", it.event, it.tries, it.state)).collect()
}
