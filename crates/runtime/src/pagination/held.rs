//! What a page holds: a list of items, or a map, whose items are its entries.

use std::collections::HashMap;

/// A list or a map of a page, as the pagers see it. A map has no order of its own: its entries come by their keys, so that a
/// listing which was cut within a page goes on at the same place.
pub trait PageList: Default + Send + 'static {
    /// What it holds: elements, or keys with their values.
    type Item: Send + 'static;

    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Takes so many away from its beginning; all of them if there are fewer.
    fn skip(&mut self, items: usize);
    /// Takes away what is behind so many.
    fn truncate(&mut self, items: usize);
    /// All of them, in order.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T: Send + 'static> PageList for Vec<T> {
    type Item = T;

    fn len(&self) -> usize {
        self.len()
    }

    fn skip(&mut self, items: usize) {
        self.drain(..items.min(self.len()));
    }

    fn truncate(&mut self, items: usize) {
        self.truncate(items);
    }

    fn into_items(self) -> Vec<T> {
        self
    }
}

impl<K, V> PageList for HashMap<K, V>
where
    K: Ord + std::hash::Hash + Send + 'static,
    V: Send + 'static,
{
    type Item = (K, V);

    fn len(&self) -> usize {
        self.len()
    }

    fn skip(&mut self, items: usize) {
        if items > 0 {
            *self = std::mem::take(self).into_items().into_iter().skip(items).collect();
        }
    }

    fn truncate(&mut self, items: usize) {
        if items < self.len() {
            *self = std::mem::take(self).into_items().into_iter().take(items).collect();
        }
    }

    fn into_items(self) -> Vec<(K, V)> {
        let mut entries: Vec<_> = self.into_iter().collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_maps_are_cut_alike() {
        fn check<L: PageList + Clone>(held: &L, expected: &[L::Item])
        where
            L::Item: PartialEq + Clone + std::fmt::Debug,
        {
            assert_eq!((held.len(), held.is_empty()), (expected.len(), expected.is_empty()));
            for n in 0..expected.len() + 2 {
                let (mut front, mut back) = (held.clone(), held.clone());
                front.skip(n);
                back.truncate(n);
                let n = n.min(expected.len());
                assert_eq!(front.into_items(), expected[n..]);
                assert_eq!(back.into_items(), expected[..n]);
            }
        }
        check(&Vec::<u8>::new(), &[]);
        check(&vec!['c', 'a', 'b'], &['c', 'a', 'b']);
        check(&HashMap::from([("c", 1), ("a", 2), ("b", 3)]), &[("a", 2), ("b", 3), ("c", 1)]);
    }
}
