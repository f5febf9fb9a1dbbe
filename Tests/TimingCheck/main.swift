import Glibc

/// Ends the program with status 3 where what was examined did not do its work.
func expect(_ condition: Bool, _ complaint: StaticString) {
    guard !condition else { return }
    print("failed: \(complaint)")
    exit(3)
}

// Run as `valgrind --error-exitcode=99 timing-check CHECK`. 0: examined, and valgrind tells by 99 whether it leaks; 2:
// not under valgrind, so that nothing was examined; 3: what was examined gave a wrong answer; 64: no such check.
guard CommandLine.arguments.count == 2, let check = Check(rawValue: CommandLine.arguments[1]) else {
    print("checks: \(Check.allCases.map(\.rawValue).joined(separator: " "))")
    exit(64)
}
guard Secrets.areWatched else {
    print("not under valgrind")
    exit(2)
}
try check.run()
print("\(check.rawValue): \(Secrets.leakCount) leaks")
