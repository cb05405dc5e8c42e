//! How a generated operation says that it answers in pages.

/// Makes an operation [`Paginated`](crate::pagination::Paginated): which members hold the tokens, and, where the
/// model says so, which one sizes a page and which one lists the items.
#[macro_export]
macro_rules! paginated {
    ($operation:ident {
        token: $token:ident = $name:literal,
        next_token: $($next:ident).+,
        $(page_size: $size:ident,)?
        $(items: $items:ident of $item:ty,)?
    }) => {
        impl $crate::pagination::Paginated for $operation {
            const TOKEN: &'static str = $name;
            $crate::item_type!($($item)?);

            fn set_token(input: &mut Self::Input, token: Option<String>) {
                input.$token = token;
            }

            fn token(input: &Self::Input) -> Option<&str> {
                input.$token.as_deref()
            }

            fn next_token(output: &Self::Output) -> Option<&str> {
                output.$($next).+.as_deref()
            }

            $(fn items(output: &mut Self::Output) -> Option<&mut Vec<Self::Item>> {
                output.$items.as_mut()
            })?
        }

        $(impl $crate::pagination::PageSize for $operation {
            fn set_page_size(input: &mut Self::Input, size: i32) {
                input.$size = Some(size);
            }
        })?

        $($crate::page_items!($operation $items);)?
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! item_type {
    () => {
        type Item = ();
    };
    ($item:ty) => {
        type Item = $item;
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! page_items {
    ($operation:ident $items:ident) => {
        impl $crate::pagination::PageItems for $operation {}
    };
}
