//! The values of the standard library on the wire, and with them what `Option`, `Vec`, `HashMap` and `Box` mean there.

use std::collections::HashMap;

use super::{Key, Member, Reader, Wire, Writer};
use crate::primitives::{Blob, DateTime, Document};

impl Wire for String {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.string(at, self)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.text(at, self)
    }
}

impl Wire for bool {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.boolean(at).map(|value| *self = value)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.boolean(at, *self)
    }
}

macro_rules! integers {
    ($($int:ty)*) => {$(
        impl Wire for $int {
            fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
                // The reader has checked the bounds, so that the cast loses nothing.
                r.integer(at, <$int>::MIN as i64, <$int>::MAX as i64).map(|value| *self = value as $int)
            }

            fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
                w.sized_integer(at, i64::from(*self), <$int>::BITS)
            }
        }
    )*};
}

integers!(i8 i16 i32 i64);

impl Wire for f32 {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.single(at).map(|value| *self = value)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.single(at, *self)
    }
}

impl Wire for f64 {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.float(at).map(|value| *self = value)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.float(at, *self)
    }
}

impl Wire for Blob {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.blob(at).map(|value| *self = value)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.blob(at, self)
    }
}

impl Wire for DateTime {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.timestamp(at).map(|value| *self = value)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.timestamp(at, self)
    }
}

impl Wire for Document {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.document(at).map(|value| *self = value)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.document(at, self)
    }

    fn absent(&self) -> bool {
        self.is_null()
    }
}

impl<T: Wire> Wire for Option<T> {
    const MEMBERS: &'static [Member] = T::MEMBERS;
    const UNION: bool = T::UNION;

    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        if r.null()? {
            *self = None;
            return Ok(());
        }
        // Elements of a flattened list arrive one by one: whether what is there goes is for the reader to say.
        self.get_or_insert_default().read(at, r)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        match self {
            Some(value) => value.write(at, w),
            None => w.null(),
        }
    }

    fn absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.list(at, self)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.list(at, self)
    }
}

impl<K: Key, T: Wire> Wire for HashMap<K, T> {
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.map(at, self)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.map(at, self)
    }
}

impl<T: Wire> Wire for Box<T> {
    const MEMBERS: &'static [Member] = T::MEMBERS;
    const UNION: bool = T::UNION;

    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        (**self).read(at, r)
    }

    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        (**self).write(at, w)
    }
}
