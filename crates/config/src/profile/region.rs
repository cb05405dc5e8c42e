//! The region that a profile of the shared files names.

use tinsmith_runtime::config::{Choice, Sources};

use crate::meta::region::{ProvideRegion, future};
use crate::provider::reads_profile;

/// Reads `region` of one profile. A file that cannot be understood gives none: the call that the region is for tells
/// what is wrong with it.
#[derive(Debug, Default)]
pub struct ProfileFileRegionProvider(Choice);

impl ProfileFileRegionProvider {
    /// A provider for the profile that `AWS_PROFILE` chooses.
    pub fn new() -> Self {
        Self::default()
    }
}

reads_profile!(ProfileFileRegionProvider, |choice| choice);

impl ProvideRegion for ProfileFileRegionProvider {
    fn region(&self) -> future::ProvideRegion<'_> {
        let found = Sources::process(self.0.clone()).profile_region().ok().flatten();
        future::ProvideRegion::ready(found.map(|found| found.value))
    }
}

#[cfg(test)]
mod tests {
    use tinsmith_runtime::credentials::ProvideCredentials;

    use super::*;
    use crate::Region;
    use crate::profile::ProfileFileCredentialsProvider;
    use crate::profile::profile_file::{ProfileFileKind, ProfileFiles};

    const CONFIG: &str =
        "[default]\nregion = r\n[profile p]\nregion = q\naws_access_key_id = AK\naws_secret_access_key = s\n";

    #[tokio::test]
    async fn the_chosen_profile_of_the_chosen_files_is_read() {
        let files = ProfileFiles::builder().with_contents(ProfileFileKind::Config, CONFIG).build();
        for (profile, region) in [("default", Some("r")), ("p", Some("q")), ("absent", None)] {
            let provider = ProfileFileRegionProvider::builder().profile_files(files.clone()).profile_name(profile);
            assert_eq!(provider.build().region().await, region.map(Region::new), "{profile}");
        }
        let provider = ProfileFileCredentialsProvider::builder().profile_files(files);
        let keys = provider.clone().profile_name("p").build().provide_credentials().await.unwrap();
        assert_eq!(keys.access_key_id(), "AK");
        assert!(provider.profile_name("default").build().provide_credentials().await.is_err());
    }
}
