//! Three nodes over one database, of which any may be killed, frozen or cut off at any moment.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{LAST_LIFE, Seed, examine, kills};
use crate::history::{History, Operation};
use crate::load::{Client, Phase};
use crate::partition::Line;
use crate::postgres::Server;
use crate::random::Random;
use crate::server::{Place, Running};
use crate::settings;
use crate::shop::make_sellers;

const NODES: usize = 3;
const CLIENTS_OF_A_NODE: usize = 3;
const SELLERS: usize = 2;
/// For how long the nodes take effects, and how long a silent one keeps its number.
const LEASE: Duration = Duration::from_secs(3);
/// Longer than that.
const AWAY: Duration = Duration::from_millis(4_500);

/// The nodes, and the clients of each.
struct Nodes {
    places: Vec<Place>,
    running: Vec<Running>,
    phases: Vec<watch::Sender<Phase>>,
    clients: JoinSet<History>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_of_nodes_lose_nothing_and_charge_nobody_twice() {
    let (kills, seed) = (settings::node_kills(), settings::seed());
    let _seed = Seed(seed);
    let mut random = Random::new(seed);
    let database = Server::start();
    let mut nodes = Nodes::start(places(&database.database()), &mut random).await;
    for _ in 0..kills {
        let which = random.pick(&[0, 1, 2]);
        nodes.restart(which, &mut random).await;
    }
    nodes.examine().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_frozen_for_longer_than_its_lease_kills_no_invariant() {
    let seed = settings::seed();
    let _seed = Seed(seed);
    let mut random = Random::new(seed);
    let database = Server::start();
    let mut nodes = Nodes::start(places(&database.database()), &mut random).await;
    for _ in 0..settings::freezes() {
        sleep(LAST_LIFE).await;
        let (frozen, other) = random.pick(&[(1, 2), (2, 1)]);
        // In the middle of whatever it is doing.
        nodes.running[frozen].program.freeze();
        nodes.phases[frozen].send_replace(Phase::Down);
        // The others see to what it has left.
        sleep(AWAY).await;
        // Whoever starts now takes its number.
        nodes.restart(other, &mut random).await;
        nodes.running[frozen].program.thaw();
        nodes.phases[frozen].send_replace(Phase::Up);
        sleep(LAST_LIFE).await;
    }
    nodes.examine().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_cut_off_from_the_database_kills_no_invariant() {
    let seed = settings::seed();
    let _seed = Seed(seed);
    let mut random = Random::new(seed);
    let database = Server::start();
    let address = database.database();
    let line = Line::to(database.port()).await;
    let mut places = places(&address);
    let name = address.rsplit('/').next().expect("a database").to_owned();
    let second = places.remove(1).reaching(database.address(line.port, &name));
    places.insert(1, second);
    let mut nodes = Nodes::start(places, &mut random).await;
    for _ in 0..settings::freezes() {
        sleep(LAST_LIFE).await;
        line.cut();
        nodes.phases[1].send_replace(Phase::Down);
        sleep(AWAY).await;
        nodes.restart(2, &mut random).await;
        // What was on its way arrives now, however late.
        line.mend();
        nodes.phases[1].send_replace(Phase::Up);
        sleep(LAST_LIFE).await;
    }
    nodes.examine().await;
}

/// A place for each node.
fn places(database: &str) -> Vec<Place> {
    let mut places = vec![Place::over(database.to_owned()).leasing(LEASE)];
    for _ in 1..NODES {
        places.push(Place::beside(&places[0]));
    }
    places
}

impl Nodes {
    async fn start(places: Vec<Place>, random: &mut Random) -> Nodes {
        let mut running = Vec::new();
        for place in &places {
            running.push(place.start().await);
        }
        let sellers = make_sellers(&running[0].api(), SELLERS).await;
        let (mut phases, mut clients) = (Vec::new(), JoinSet::new());
        for (node, running) in running.iter().enumerate() {
            let (phase, told) = watch::channel(Phase::Up);
            for client in 0..CLIENTS_OF_A_NODE {
                let name = format!("node{node}client{client}");
                let (told, random) = (told.clone(), random.fork());
                clients.spawn(Client::new(name, &running.ready, &sellers, told, random).run());
            }
            phases.push(phase);
        }
        Nodes { places, running, phases, clients }
    }

    /// Kills a node, and starts it again at once.
    async fn restart(&mut self, which: usize, random: &mut Random) {
        let running = self.running.remove(which);
        let (place, phase) = (&self.places[which], &self.phases[which]);
        let (again, _) = kills::under_load(place, running, phase, random, 1).await;
        self.running.insert(which, again);
    }

    /// Lets the clients finish, and looks at what the first node and the network say.
    async fn examine(mut self) {
        sleep(LAST_LIFE).await;
        for phase in &self.phases {
            phase.send_replace(Phase::Over);
        }
        let histories = self.clients.join_all().await;
        let operations: Vec<Operation> =
            histories.iter().flat_map(|history| history.operations().cloned()).collect();
        for running in self.running.drain(1..) {
            assert!(running.stop().await.success(), "an orderly stop");
        }
        let first = self.running.remove(0);
        let _ = examine(&self.places[0], first, &operations).await;
    }
}
