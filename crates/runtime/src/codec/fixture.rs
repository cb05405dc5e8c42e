//! Shapes for the tests of the codecs: a page as Lambda answers it, and one with a member of every kind.

use std::collections::HashMap;

use crate::primitives::{Blob, DateTime};
use crate::wire::{ELEMENT, Member, Reader, TimestampFormat, Wire, Writer};

/// Writes out what a generator would: a structure, its table, and the code for each member.
macro_rules! structure {
    ($(#[$meta:meta])* $name:ident { $($index:literal $field:ident: $type:ty = $member:expr,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $name { $(pub(crate) $field: $type,)* }

        impl $crate::wire::Wire for $name {
            const MEMBERS: &'static [$crate::wire::Member] = &[$($member,)*];

            fn read_member<R: $crate::wire::Reader>(&mut self, index: usize, at: &'static $crate::wire::Member, r: &mut R) -> Result<(), R::Error> {
                match index {
                    $($index => self.$field.read(at, r),)*
                    _ => r.skip(),
                }
            }

            fn write_members<W: $crate::wire::Writer>(&self, w: &mut W) -> Result<(), W::Error> {
                $(w.member(&Self::MEMBERS[$index], &self.$field)?;)*
                Ok(())
            }
        }
    };
}
pub(crate) use structure;

structure!(Page {
    0 next_marker: Option<String> = Member::body("NextMarker"),
    1 layers: Option<Vec<Layer>> = Member::body("Layers"),
});

structure!(Layer {
    0 layer_name: Option<String> = Member::body("LayerName"),
    1 layer_arn: Option<String> = Member::body("LayerArn"),
    2 latest_matching_version: Option<Version> = Member::body("LatestMatchingVersion"),
});

structure!(Version {
    0 layer_version_arn: Option<String> = Member::body("LayerVersionArn"),
    1 version: i64 = Member::body("Version"),
    2 description: Option<String> = Member::body("Description"),
    3 created_date: Option<String> = Member::body("CreatedDate"),
    4 compatible_runtimes: Option<Vec<Runtime>> = Member::body("CompatibleRuntimes"),
    5 license_info: Option<String> = Member::body("LicenseInfo"),
    6 compatible_architectures: Option<Vec<Runtime>> = Member::body("CompatibleArchitectures"),
});

structure!(Everything {
    0 text: Option<String> = Member::body("text"),
    1 flag: Option<bool> = Member::body("flag"),
    2 byte: Option<i8> = Member::body("byte"),
    3 long: Option<i64> = Member::body("long"),
    4 single: Option<f32> = Member::body("single"),
    5 double: Option<f64> = Member::body("double"),
    6 blob: Option<Blob> = Member::body("blob"),
    7 epoch: Option<DateTime> = Member::body("epoch"),
    8 date_time: Option<DateTime> = Member::body("dateTime").timestamp(TimestampFormat::DateTime),
    9 http_date: Option<DateTime> = Member::body("httpDate").timestamp(TimestampFormat::HttpDate),
    10 dense: Option<Vec<i32>> = Member::body("dense"),
    11 sparse: Option<Vec<Option<i32>>> = Member::body("sparse"),
    12 dense_map: Option<HashMap<String, String>> = Member::body("denseMap"),
    13 sparse_map: Option<HashMap<String, Option<String>>> = Member::body("sparseMap"),
    14 nested: Option<Box<Everything>> = Member::body("nested"),
    15 choice: Option<Choice> = Member::body("choice"),
    16 dates: Option<Vec<DateTime>> = Member::body("dates").of(&DATES),
    17 plain: Required = Member::body("plain"),
    18 count: Count = Member::body("count"),
    19 matrix: Option<Vec<Vec<i16>>> = Member::body("matrix"),
});

static DATES: [Member; 1] = [Member::body("").timestamp(TimestampFormat::DateTime)];

structure!(Required {
    0 first: Option<i32> = Member::body("first"),
    1 second: Option<i32> = Member::body("second"),
});

/// An integer whose default in the model is 7.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Count(pub(crate) i32);

impl Default for Count {
    fn default() -> Self {
        Self(7)
    }
}

impl Wire for Count {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        self.0.read(at, r)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        self.0.write(at, w)
    }
}

/// An open enum.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Runtime {
    #[default]
    Empty,
    Python312,
    Unknown(String),
}

impl Wire for Runtime {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.text(at, &mut |text| {
            *self = match text {
                "python3.12" => Self::Python312,
                _ => Self::Unknown(text.to_owned()),
            }
        })
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        match self {
            Self::Empty => w.text(at, ""),
            Self::Python312 => w.text(at, "python3.12"),
            Self::Unknown(text) => w.text(at, text),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Choice {
    Text(String),
    Number(i32),
    Inner(Box<Choice>),
    #[default]
    Unknown,
}

impl Wire for Choice {
    const MEMBERS: &'static [Member] = &[Member::body("text"), Member::body("number"), Member::body("inner")];
    const UNION: bool = true;

    fn read_member<R: Reader>(&mut self, index: usize, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        *self = match index {
            0 => Self::Text(read(at, r)?),
            1 => Self::Number(read(at, r)?),
            2 => Self::Inner(read(at, r)?),
            _ => return r.skip(),
        };
        Ok(())
    }

    fn write_members<W: Writer>(&self, w: &mut W) -> Result<(), W::Error> {
        match self {
            Self::Text(text) => w.member(&Self::MEMBERS[0], text),
            Self::Number(number) => w.member(&Self::MEMBERS[1], number),
            Self::Inner(inner) => w.member(&Self::MEMBERS[2], inner),
            Self::Unknown => Ok(()),
        }
    }
}

fn read<T: Wire, R: Reader>(at: &'static Member, r: &mut R) -> Result<T, R::Error> {
    let mut value = T::default();
    value.read(at, r)?;
    Ok(value)
}

/// Any document, passed over.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Skipped;

impl Wire for Skipped {
    fn read<R: Reader>(&mut self, _: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.skip()
    }

    fn write<W: Writer>(&self, _: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.structure(&ELEMENT, &Required::default())
    }
}

/// A page of layers like the live service's: members out of the model's order, some of them `null`.
pub(crate) fn page(layers: usize) -> String {
    let layer = |index: usize| {
        format!(
            r#"{{"LatestMatchingVersion":{{"CompatibleArchitectures":["x86_64","arm64"],"CompatibleRuntimes":["python3.12","python3.13"],"CreatedDate":"2024-03-12T16:10:00.942+0000","Description":"Helpers \"of\" the team, number {index}","LayerVersionArn":"arn:aws:lambda:eu-central-1:123456789012:layer:layer-{index}:{index}","LicenseInfo":null,"Version":{index}}},"LayerArn":"arn:aws:lambda:eu-central-1:123456789012:layer:layer-{index}","LayerName":"layer-{index}"}}"#
        )
    };
    let layers: Vec<_> = (1..=layers).map(layer).collect();
    format!(r#"{{"Layers":[{}],"NextMarker":null}}"#, layers.join(","))
}
