//! What tells the time and waits there does so here.

use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;

use crate::time::{Clock, Sleep};
use crate::transport::BoxFuture;

impl Clock for SharedTimeSource {
    fn now(&self) -> SystemTime {
        SharedTimeSource::now(self)
    }
}

impl Sleep for SharedAsyncSleep {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(AsyncSleep::sleep(self, duration))
    }
}
