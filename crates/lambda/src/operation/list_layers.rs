//! `ListLayers`: its input, output and errors, the request, and the shapes that no other operation here uses.

use tinsmith_runtime::client::Handle;
use tinsmith_runtime::codec::RestJson1;
use tinsmith_runtime::operation::{Meta, Operation, ResponseMetadata};
use tinsmith_runtime::pagination::{ItemPaginator, Paginator};
use tinsmith_runtime::retry::Policy;
use tinsmith_runtime::wire::Member;
use tinsmith_runtime::{builder, fluent, members, operation_error, output, paginated};

use super::super::enums::{Architecture, Runtime};
use super::super::error::Error;
use super::super::types::error::{InvalidParameterValueException, ServiceException, TooManyRequestsException};

/// Lists the layers of the account in a region, each with its newest version that matches the filters.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListLayers;

impl Operation for ListLayers {
    type Input = ListLayersInput;
    type Output = ListLayersOutput;
    type Error = ListLayersError;
    type Protocol = RestJson1;
    const META: &'static Meta = &Meta {
        name: "ListLayers",
        service: &super::super::SERVICE,
        method: "GET",
        uri: "/2018-10-31/layers",
        retryable: &[],
        retry: Policy::STANDARD,
    };
}

/// The input of [`ListLayers`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListLayersInput {
    /// Lists only layers for this instruction set.
    pub compatible_architecture: Option<Architecture>,
    /// Lists only layers for this runtime.
    pub compatible_runtime: Option<Runtime>,
    /// The page token of the page before.
    pub marker: Option<String>,
    /// How many layers a page may hold, from 1 to 50.
    pub max_items: Option<i32>,
}

members! {
    ListLayersInput {
        compatible_architecture: Option<&Architecture> = Member::query("CompatibleArchitecture"),
        compatible_runtime: Option<&Runtime> = Member::query("CompatibleRuntime"),
        marker: Option<&str> = Member::query("Marker"),
        max_items: Option<i32> = Member::query("MaxItems"),
    }
}

/// Builds a [`ListLayersInput`], or with a client in it the request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListLayersBuilder<C = ()> {
    input: ListLayersInput,
    client: C,
}

builder! {
    ListLayersBuilder => ListLayersInput {
        compatible_architecture(Architecture) set_compatible_architecture(Option<Architecture>),
        compatible_runtime(Runtime) set_compatible_runtime(Option<Runtime>),
        marker(impl Into<String>) set_marker(Option<String>),
        max_items(i32) set_max_items(Option<i32>),
    }
}

fluent!(ListLayersBuilder => ListLayers paginated);

/// The output of [`ListLayers`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListLayersOutput {
    /// The token of the next page; `None` on the last one.
    pub next_marker: Option<String>,
    /// The layers of this page, by name.
    pub layers: Option<Vec<LayersListItem>>,
    metadata: ResponseMetadata,
}

members! {
    ListLayersOutput {
        next_marker: Option<&str> = Member::body("NextMarker"),
        layers: &[LayersListItem] = Member::body("Layers"),
    }
}

output!(ListLayersOutput);

operation_error! {
    #[into(Error)]
    /// What [`ListLayers`] refuses with.
    pub enum ListLayersError {
        #[is(is_invalid_parameter_value_exception)]
        InvalidParameterValueException(InvalidParameterValueException) = "InvalidParameterValueException",
        #[is(is_service_exception)]
        ServiceException(ServiceException) = "ServiceException",
        #[is(is_too_many_requests_exception)]
        TooManyRequestsException(TooManyRequestsException) = "TooManyRequestsException",
    }
}

paginated! {
    ListLayers {
        token: marker = "Marker",
        next_token: next_marker,
        page_size: max_items,
        items: layers of LayersListItem,
    }
}

/// A layer, with its newest version that matches the filters.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LayersListItem {
    /// The name of the layer.
    pub layer_name: Option<String>,
    /// The ARN of the layer, without a version.
    pub layer_arn: Option<String>,
    /// The newest version that matches.
    pub latest_matching_version: Option<LayerVersionsListItem>,
}

members! {
    LayersListItem {
        layer_name: Option<&str> = Member::body("LayerName"),
        layer_arn: Option<&str> = Member::body("LayerArn"),
        latest_matching_version: Option<&LayerVersionsListItem> = Member::body("LatestMatchingVersion"),
    }
}

/// A version of a layer.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LayerVersionsListItem {
    /// The ARN of the version.
    pub layer_version_arn: Option<String>,
    /// The number of the version; 0 where the service left it out.
    pub version: i64,
    /// What its publisher says of it.
    pub description: Option<String>,
    /// When it was published: `2018-11-15T00:37:46.592+0000`, which is not RFC 3339.
    pub created_date: Option<String>,
    /// The instruction sets that it is for.
    pub compatible_architectures: Option<Vec<Architecture>>,
    /// The runtimes that it is for.
    pub compatible_runtimes: Option<Vec<Runtime>>,
    /// Its licence.
    pub license_info: Option<String>,
}

members! {
    LayerVersionsListItem {
        layer_version_arn: Option<&str> = Member::body("LayerVersionArn"),
        version: i64 = Member::body("Version"),
        description: Option<&str> = Member::body("Description"),
        created_date: Option<&str> = Member::body("CreatedDate"),
        compatible_architectures: &[Architecture] = Member::body("CompatibleArchitectures"),
        compatible_runtimes: &[Runtime] = Member::body("CompatibleRuntimes"),
        license_info: Option<&str> = Member::body("LicenseInfo"),
    }
}

/// The request and the builder of the input.
pub mod builders {
    use super::{Handle, ListLayersBuilder};

    /// The request, with a client in it.
    pub type ListLayersFluentBuilder = ListLayersBuilder<Handle>;
    /// The builder of the input.
    pub type ListLayersInputBuilder = ListLayersBuilder;
}

/// The pagers.
pub mod paginator {
    use super::{ItemPaginator, ListLayers, Paginator};

    /// All pages.
    pub type ListLayersPaginator = Paginator<ListLayers>;
    /// All layers of all pages.
    pub type ListLayersPaginatorItems = ItemPaginator<ListLayers>;
}
