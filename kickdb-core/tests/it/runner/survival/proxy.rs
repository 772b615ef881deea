//! A TCP proxy that does something when a message of the client passes.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// When, with the chosen message, it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before the server sees the message.
    Unsent,
    /// When the server has it, and works on it.
    Sent,
    /// When the server has answered, before the client hears of it.
    Answered,
}

type Action = Box<dyn FnOnce() + Send>;

struct Trap {
    at: usize,
    moment: Moment,
    action: Option<Action>,
}

#[derive(Default)]
struct Shared {
    /// Messages on the first connection, which is the one that works: the second one is the heartbeat's.
    messages: AtomicUsize,
    connections: AtomicUsize,
    trap: Mutex<Option<Trap>>,
    /// Everything that passes, to be cut.
    streams: Mutex<Vec<TcpStream>>,
    /// No connection is let through any more.
    cut: AtomicBool,
}

/// A proxy in front of a server. What it started ends with its connections.
pub(super) struct Proxy {
    url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Listens on a free port in front of the server of `url`.
    pub(super) fn start(url: &str) -> Self {
        let mut target = url::Url::parse(url).unwrap();
        let host = target.host_str().unwrap_or("127.0.0.1").to_owned();
        let port = target.port().unwrap_or(match target.scheme() {
            "mysql" => 3306,
            _ => 5432,
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        target.set_host(Some("127.0.0.1")).unwrap();
        target.set_port(Some(address.port())).unwrap();
        let shared = Arc::new(Shared::default());
        let of_the_listener = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if of_the_listener.cut.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(server) = TcpStream::connect((host.as_str(), port)) {
                    carry(client, server, &of_the_listener);
                }
            }
        });
        Self {
            url: target.to_string(),
            address,
            shared,
        }
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    /// Has `action` done when message number `at` (from 0) passes, and every connection cut.
    pub(super) fn at(&self, at: usize, moment: Moment, action: Action) {
        *self.shared.trap.lock().unwrap() = Some(Trap {
            at,
            moment,
            action: Some(action),
        });
    }

    /// So many messages have come from the client so far.
    pub(super) fn messages(&self) -> usize {
        self.shared.messages.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.cut();
        // Wakes the listener, which then ends.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for stream in self.streams.lock().unwrap().drain(..) {
            // One that is gone already needs no cut.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Does what was to be done, if this is the message and the moment for it.
    fn pass(&self, message: usize, moment: Moment) -> bool {
        let mut trap = self.trap.lock().unwrap();
        let Some(trap) = trap.as_mut().filter(|trap| trap.at <= message && trap.moment == moment) else {
            return true;
        };
        if let Some(action) = trap.action.take() {
            action();
        }
        self.cut();
        false
    }
}

fn carry(client: TcpStream, server: TcpStream, shared: &Arc<Shared>) {
    let works = shared.connections.fetch_add(1, Ordering::SeqCst) == 0;
    // Small messages that wait for each other would make every run take long.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let mut streams = shared.streams.lock().unwrap();
    streams.extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
    drop(streams);
    let (from, to, counting) = (
        client.try_clone().unwrap(),
        server.try_clone().unwrap(),
        Arc::clone(shared),
    );
    std::thread::spawn(move || {
        pump(from, to, |to, bytes| {
            if !works {
                return to.write_all(bytes).is_ok();
            }
            let message = counting.messages.fetch_add(1, Ordering::SeqCst);
            counting.pass(message, Moment::Unsent)
                && to.write_all(bytes).is_ok()
                && counting.pass(message, Moment::Sent)
        });
    });
    let shared = Arc::clone(shared);
    std::thread::spawn(move || {
        pump(server, client, |to, bytes| {
            let last = shared.messages.load(Ordering::SeqCst).saturating_sub(1);
            (!works || shared.pass(last, Moment::Answered)) && to.write_all(bytes).is_ok()
        });
    });
}

/// Hands on what comes, until one side is gone or `hand_on` says no.
fn pump(mut from: TcpStream, mut to: TcpStream, mut hand_on: impl FnMut(&mut TcpStream, &[u8]) -> bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if !hand_on(&mut to, &buffer[..length]) {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
