import Glibc

/// How many files and connections this process may have open.
enum Descriptors {
    /// Allows as many as the system lets this process have, and says how many those are.
    static func raiseLimit() -> Int {
        var limits = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
            return 1024
        }
        // Beyond a million the kernel's own tables are the limit.
        limits.rlim_cur = min(limits.rlim_max, 1_048_576)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
            return 1024
        }
        return Int(clamping: limits.rlim_cur)
    }
}
