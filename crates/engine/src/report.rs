//! Making a report: the journal is read page by page, and nothing is kept but what the report
//! needs.

use holdfast_core::command::Command;
use holdfast_core::id::{EntryId, IdSource, PlatformId, ReportRunId};
use holdfast_core::ledger::Account;
use holdfast_core::report::reckon::Reckoner;
use holdfast_core::report::{ReportCommand, ReportError, ReportRun, ReportState};
use holdfast_store::StoreError;
use holdfast_store::query::{Created, EntriesQuery, PAGE_MAX, Page};

use crate::engine::Engine;

/// The command that ends a run: its table, or why there is none. Made twice, it is the same.
pub(crate) async fn make(
    engine: &Engine,
    platform: PlatformId,
    id: ReportRunId,
) -> Result<Command, StoreError> {
    let run = engine.find::<ReportRun>(platform, &id).await?;
    let Some(run) = run.filter(|run| run.state == ReportState::Pending) else {
        return Ok(Command::FinishEffect);
    };
    let mut reckoner = Reckoner::new(&run);
    let result = match read(engine, platform, &run, &mut reckoner).await? {
        Ok(()) => reckoner.finish(),
        Err(error) => Err(error),
    };
    Ok(Command::Report(ReportCommand::Finish(id, result)))
}

async fn read(
    engine: &Engine,
    platform: PlatformId,
    run: &ReportRun,
    reckoner: &mut Reckoner,
) -> Result<Result<(), ReportError>, StoreError> {
    let seller = run.parameters.seller;
    let accounts = seller
        .into_iter()
        .flat_map(|seller| [Account::SellerPending(seller), Account::SellerAvailable(seller)]);
    let created = Created { from: reckoner.from(), to: run.parameters.to };
    // An entry's id is of the moment of its command, so that the newest of interest is known.
    let newest: EntryId = IdSource::first_at(run.parameters.to.ms().saturating_add(1));
    let mut query = EntriesQuery {
        platform,
        accounts: accounts.collect(),
        source: None,
        created,
        page: Page { older_than: Some(newest.to_string()), newer_than: None, limit: PAGE_MAX },
    };
    loop {
        let entries = engine.read().entries(&query).await?;
        for entry in &entries {
            if let Err(error) = reckoner.add(entry) {
                return Ok(Err(error));
            }
        }
        match entries.last() {
            Some(last) if entries.len() == PAGE_MAX => {
                query.page.older_than = Some(last.id.to_string());
            }
            Some(_) | None => return Ok(Ok(())),
        }
    }
}
