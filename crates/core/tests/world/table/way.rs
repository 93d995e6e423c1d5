//! Where the money of payments goes on to, and how much of it.

use holdfast_core::command::{Command, EditPaymentIntent, Keep};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::notes::{Notes, TransferData};
use holdfast_core::row::Record as _;

use super::super::words::Words;
use super::Table;

impl Table {
    /// `to amy USD 5.00`, `to amy fee USD 1.00`: the words that may end a line about a payment.
    pub(super) fn set_way(&self, notes: &mut Notes, words: &mut Words<'_>) {
        if words.is("to") {
            notes.transfer_data = Some(TransferData {
                destination: self.world.seller(words.word()),
                amount: words.any_money(),
                description: None,
                metadata: Default::default(),
                payment: None,
            });
        }
        if words.is("fee") {
            notes.application_fee = words.any_money();
        }
    }

    /// `change p1 USD 9.00 to amy fee USD 1.00`: the sum, and where it goes.
    pub(super) fn change(&mut self, words: &mut Words<'_>) -> Command {
        let id = self.world.names.id::<PaymentIntent>(words.word());
        let expected = self.world.rows[&PaymentIntent::key(&id)].version;
        let row: PaymentIntent = self.world.row(&id);
        let mut row = PaymentIntent { amount: words.money(), ..row };
        self.set_way(&mut row.notes, words);
        let keep = Keep { row: row.into_row(), expected, event: None };
        let (token, card_use) = (None, Default::default());
        Command::EditPaymentIntent(Box::new(EditPaymentIntent { keep, token, card_use }))
    }
}
