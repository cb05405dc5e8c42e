//! How a generated operation says that it answers in pages.

/// Makes an operation [`Paginated`](crate::pagination::Paginated): which members hold the tokens, and, where the
/// model says so, which one sizes a page and which one holds the items: `items(page): page.layers.as_mut() =>
/// Vec<LayersListItem>,`. The way to a member is written out, for some lie deeper, and some are always there.
#[macro_export]
macro_rules! paginated {
    ($operation:ident {
        token: $token:ident = $name:literal,
        next_token($page:ident): $next:expr,
        $(page_size: $size:ident,)?
        $(items($held:ident): $items:expr => $list:ty,)?
    }) => {
        impl $crate::pagination::Paginated for $operation {
            const TOKEN: &'static str = $name;
            $crate::item_type!($($list)?);

            #[inline]
            fn set_token(input: &mut Self::Input, token: Option<String>) {
                input.$token = token;
            }

            #[inline]
            fn token(input: &Self::Input) -> Option<&str> {
                input.$token.as_deref()
            }

            #[inline]
            fn next_token($page: &Self::Output) -> Option<&str> {
                $next
            }

            $(fn items($held: &mut Self::Output) -> Option<&mut Self::Items> {
                $items
            })?
        }

        $(impl $crate::pagination::PageSize for $operation {
            #[inline]
            fn set_page_size(input: &mut Self::Input, size: i32) {
                input.$size = Some(size.into());
            }
        })?

        $($crate::page_items!($operation $held);)?
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! item_type {
    () => {
        type Items = Vec<()>;
    };
    ($list:ty) => {
        type Items = $list;
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! page_items {
    ($operation:ident $items:ident) => {
        impl $crate::pagination::PageItems for $operation {}
    };
}
