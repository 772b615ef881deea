//! The same work for each of many things, on as many threads as the machine has.

use std::sync::atomic::{AtomicUsize, Ordering};

/// More of them stand in each other's way over memory.
const MOST: usize = 8;

/// Does the work for each item, and gives what came of it in the order of the items. A thread is worth its start where it has `few`
/// items to itself.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], few: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MOST)
        .min(items.len() / few.max(1));
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match items.get(index) {
                Some(item) => done.push((index, work(item))),
                None => return done,
            }
        }
    };
    let mut done: Vec<_> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn what_comes_of_many_is_in_their_order() {
        let items: Vec<u64> = (0..1000).collect();
        for few in [0, 1, 400, 5000] {
            let squares = map(&items, few, |n| n * n);
            assert!(
                squares.iter().zip(&items).all(|(square, n)| *square == n * n),
                "{few} each"
            );
            assert_eq!(squares.len(), items.len());
        }
    }
}
