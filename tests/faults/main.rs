//! The fault table: hundreds of calls side by side, over real sockets, to a server that misbehaves; a fault a row.
//!
//! Of each row it is counted how many calls got the right answer, how the others ended, how many attempts the client
//! says that it made, how many requests the server says that it saw, and what is left of the retry quota. No answer may
//! differ from the truth, no call may be lost, no attempt that is not safe be seen twice, and no token of the quota be
//! unaccounted for.
//!
//! `cargo test -p tinsmith-tests --test faults -- --nocapture` prints the table.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod account;
mod quota;
mod rows;
mod run;
mod table;

use std::sync::Arc;

use account::Account;
use rows::Row;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fault_table() {
    let truth = Arc::new(run::truth().await);
    let (waiting, busy): (Vec<_>, Vec<_>) = rows::rows().into_iter().partition(Row::waits);
    let mut accounts = Vec::new();
    for row in busy {
        accounts.push(run::row(row, truth.clone()).await);
    }
    // Their limits run while nothing else does, so that they cut what never comes and nothing that is only late.
    let waiting: Vec<_> = waiting.into_iter().map(|row| tokio::spawn(run::row(row, truth.clone()))).collect();
    for row in waiting {
        accounts.push(row.await.unwrap());
    }
    print!("{}", table::table(&accounts));
    let wrong: Vec<_> = accounts.iter().flat_map(Account::wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
