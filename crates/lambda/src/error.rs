//! Any error of the service, and the types around errors.

use tinsmith_runtime::error_enum;

pub use tinsmith_runtime::error::{
    BoxError, BuildError, ConnectorError, DisplayErrorContext, ErrorMetadata, ProvideErrorMetadata, SdkError,
};
pub use tinsmith_runtime::wire::UnknownVariantError;

use super::types::error::{InvalidParameterValueException, ServiceException, TooManyRequestsException};

error_enum! {
    /// Any error of the service's operations, for functions that call several of them.
    pub enum Error {
        InvalidParameterValueException(InvalidParameterValueException),
        ServiceException(ServiceException),
        TooManyRequestsException(TooManyRequestsException),
    }
}
