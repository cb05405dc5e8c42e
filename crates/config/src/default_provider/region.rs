//! Where the region is looked for where code names none.

use tinsmith_runtime::config::{Choice, Sources};

use crate::Region;
use crate::meta::region::{ProvideRegion, future};

/// `AWS_REGION`, `AWS_DEFAULT_REGION`, or else `region` of the chosen profile.
pub fn default_provider() -> impl ProvideRegion {
    DefaultRegionChain::builder().build()
}

/// Asks `AWS_REGION`, `AWS_DEFAULT_REGION`, and then `region` of the chosen profile, each time anew. A file that cannot
/// be understood gives none: the call that the region is for tells what is wrong with it.
#[derive(Debug)]
pub struct DefaultRegionChain(Choice);

impl DefaultRegionChain {
    /// A chain for the profile that the builder is told, or that `AWS_PROFILE` chooses.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The region, if there is one.
    pub async fn region(&self) -> Option<Region> {
        let found = Sources::process(self.0.clone()).region().ok().flatten();
        found.map(|found| found.value)
    }
}

impl ProvideRegion for DefaultRegionChain {
    fn region(&self) -> future::ProvideRegion<'_> {
        future::ProvideRegion::new(DefaultRegionChain::region(self))
    }
}

/// Says which profile a [`DefaultRegionChain`] reads.
#[derive(Debug, Default)]
pub struct Builder(Choice);

impl Builder {
    /// Chooses the profile, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, name: &str) -> Self {
        self.0.profile = Some(name.to_owned());
        self
    }

    /// The chain.
    pub fn build(self) -> DefaultRegionChain {
        DefaultRegionChain(self.0)
    }
}
