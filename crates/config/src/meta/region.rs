//! Who gives the region, and several of them in a row.

use std::fmt::Debug;

use crate::Region;
use crate::default_provider::region::default_provider;

/// The futures that providers of regions return.
pub mod future {
    use tinsmith_runtime::future::NowOrLater;

    use crate::Region;

    /// A region, now (`ready`) or later (`new`), or none.
    pub type ProvideRegion<'a> = NowOrLater<'a, Option<Region>>;
}

/// Gives a region, or none.
pub trait ProvideRegion: Send + Sync + Debug {
    /// The region.
    fn region(&self) -> future::ProvideRegion<'_>;
}

/// Providers that are asked in their order, until one has a region.
#[derive(Debug)]
pub struct RegionProviderChain {
    providers: Vec<Box<dyn ProvideRegion>>,
}

impl RegionProviderChain {
    /// A chain that begins with this provider.
    pub fn first_try(provider: impl ProvideRegion + 'static) -> Self {
        Self { providers: vec![Box::new(provider)] }
    }

    /// Asks this provider after the others.
    pub fn or_else(mut self, fallback: impl ProvideRegion + 'static) -> Self {
        self.providers.push(Box::new(fallback));
        self
    }

    /// A chain that begins with `AWS_REGION`, `AWS_DEFAULT_REGION`, and `region` of the chosen profile.
    pub fn default_provider() -> Self {
        Self::first_try(default_provider())
    }

    /// Asks `AWS_REGION`, `AWS_DEFAULT_REGION`, and `region` of the chosen profile after the others.
    pub fn or_default_provider(self) -> Self {
        self.or_else(default_provider())
    }

    /// The region of the first provider that has one.
    pub async fn region(&self) -> Option<Region> {
        for provider in &self.providers {
            if let Some(region) = provider.region().await {
                return Some(region);
            }
        }
        None
    }
}

impl ProvideRegion for RegionProviderChain {
    fn region(&self) -> future::ProvideRegion<'_> {
        future::ProvideRegion::new(RegionProviderChain::region(self))
    }
}

impl ProvideRegion for Region {
    fn region(&self) -> future::ProvideRegion<'_> {
        future::ProvideRegion::ready(Some(self.clone()))
    }
}

impl ProvideRegion for &Region {
    fn region(&self) -> future::ProvideRegion<'_> {
        future::ProvideRegion::ready(Some((*self).clone()))
    }
}

impl ProvideRegion for Option<Region> {
    fn region(&self) -> future::ProvideRegion<'_> {
        future::ProvideRegion::ready(self.clone())
    }
}

impl ProvideRegion for &'static str {
    fn region(&self) -> future::ProvideRegion<'_> {
        future::ProvideRegion::ready(Some(Region::from_static(self)))
    }
}

impl ProvideRegion for Box<dyn ProvideRegion> {
    fn region(&self) -> future::ProvideRegion<'_> {
        self.as_ref().region()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_that_has_a_region_gives_it() {
        let check = async |chain: RegionProviderChain, expected: Option<&'static str>| {
            assert_eq!(chain.region().await, expected.map(Region::from_static));
        };
        check(RegionProviderChain::first_try("a").or_else("b"), Some("a")).await;
        check(RegionProviderChain::first_try(None).or_else(Region::new("b")), Some("b")).await;
        check(RegionProviderChain::first_try(None).or_else(Some(Region::new("b"))).or_else("c"), Some("b")).await;
        check(RegionProviderChain::first_try(None).or_else(None), None).await;
        check(RegionProviderChain::first_try(RegionProviderChain::first_try("a")), Some("a")).await;
    }
}
