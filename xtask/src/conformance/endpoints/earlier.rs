//! The runtime as it was for cases older than some of the facts about partitions.

/// A module `earlier` that stands for the runtime, where these partitions have no dual stack.
#[macro_export]
macro_rules! earlier_partitions {
    ($partitions:expr) => {
        mod earlier {
            pub(crate) use tinsmith_runtime::endpoint_parameters;

            pub(crate) mod endpoint {
                pub(crate) use tinsmith_runtime::endpoint::{Endpoint, EndpointError};

                pub(crate) mod rules {
                    use tinsmith_runtime::endpoint::{Partition, rules};

                    pub(crate) fn partition(region: &str) -> &'static Partition {
                        let today = rules::partition(region);
                        if !$partitions.contains(&today.name) {
                            return today;
                        }
                        // Once the facts are as they were, this is to go.
                        assert!(today.supports_dual_stack, "{} is today as it was: nothing to change", today.name);
                        Box::leak(Box::new(Partition { supports_dual_stack: false, ..*today }))
                    }
                }
            }
        }
    };
}
