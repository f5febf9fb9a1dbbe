import Glibc

/// The processor time that this process has used. Unlike time on the wall, it does not grow while others work.
public func processorTime() -> Duration {
    // CLOCKS_PER_SEC is a million everywhere (POSIX).
    .microseconds(clock())
}
