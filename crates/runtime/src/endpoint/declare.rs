//! The parameters of a service's endpoint rules, for every service the same.

/// Defines what the endpoint rules of a service look at, a line a parameter: its field, its name in the rule set, and the
/// field of [`Builtins`](crate::endpoint::Builtins) that gives its value, where one does. The method that follows the rules
/// is the service's own.
#[macro_export]
macro_rules! endpoint_parameters {
    (@) => { None };
    (@ $value:expr) => { $value.into() };
    ($params:ident $(<$life:lifetime>)? { $($field:ident: $of:ty = $name:literal $(from $builtin:ident)?,)* }) => {
        /// What the endpoint rules of the service look at.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $params $(<$life>)? {
            $(#[doc = concat!("`", $name, "`.")] pub $field: $of,)*
        }

        impl$(<$life>)? $params $(<$life>)? {
            /// What the settings say; the rest is open.
            pub fn of<'settings $(: $life)?>(builtins: &$crate::endpoint::Builtins<'settings>) -> Self {
                let _ = builtins; // Rules may look at none of them.
                $params { $($field: $crate::endpoint_parameters!(@ $(builtins.$builtin)?),)* }
            }
        }

        /// Where a call goes that has these settings and no parameters of its own.
        ///
        /// # Errors
        ///
        /// The service has no endpoint for them.
        pub fn resolve(
            builtins: &$crate::endpoint::Builtins<'_>,
        ) -> Result<$crate::endpoint::Endpoint, $crate::endpoint::EndpointError> {
            $params::of(builtins).resolve()
        }
    };
}
