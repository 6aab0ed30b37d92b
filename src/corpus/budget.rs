//! How much of the texts is in memory at one time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The texts that are looked into at one time have at most so many bytes together, whatever the number of threads.
const TOGETHER: u64 = 2 << 30;
/// Texts below this many bytes are not counted: there are at most as many of them as threads.
const SMALL: u64 = 16 << 20;

/// Makes threads wait until there is room for another large text.
#[derive(Debug)]
pub struct Budget {
    free: Mutex<u64>,
    freed: Condvar,
}

/// Room for one text, given back when this is dropped.
#[derive(Debug)]
pub struct Room<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            free: Mutex::new(TOGETHER),
            freed: Condvar::new(),
        }
    }
}

impl Budget {
    /// Waits until a text of this size may be read into memory. Nobody who has room may wait for more.
    pub fn room(&self, bytes: u64) -> Option<Room<'_>> {
        if bytes < SMALL {
            return None;
        }
        let bytes = bytes.min(TOGETHER);
        let full = |free: &mut u64| *free < bytes;
        let free = self.freed.wait_while(self.lock(), full);
        *free.unwrap_or_else(PoisonError::into_inner) -= bytes;
        Some(Room { budget: self, bytes })
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        *self.budget.lock() += self.bytes;
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_had_again() {
        let budget = Budget::default();
        assert!(budget.room(SMALL - 1).is_none());
        for _ in 0..3 {
            let room = budget.room(u64::MAX);
            assert_eq!(room.map(|room| room.bytes), Some(TOGETHER));
        }
        assert_eq!(*budget.lock(), TOGETHER);
    }
}
