import Testing

/// That time does not depend on secrets: `timing-check` under valgrind, which has secrets for memory that nobody has
/// written, and reports every branch on them and every address made of them.
///
/// What is examined is the optimised program; without optimisation the compiler writes other code.
@Suite(
    .enabled(if: Tool.isOptimised, "the timing check is of the release build"),
    .needs("valgrind"), .serialized, .timeLimit(.minutes(5)))
struct TimingTests {
    private func examine(_ check: String) async throws -> (Int32, String) {
        try await Tool.run(
            Tool.path("valgrind"),
            [
                "--quiet", "--error-exitcode=99", "--leak-check=no",
                Tool.product("timing-check"), check,
            ])
    }

    @Test(arguments: [
        "hmac-sha1", "hmac-sha256", "hmac-sha512", "equality", "moving-factor", "consecutive",
        "response", "ocra",
    ])
    func `no branch and no address depends on a secret`(check: String) async throws {
        let (status, output) = try await examine(check)
        #expect(status == 0, "\(output)")
        #expect(output.contains("\(check): 0 leaks\n"), "\(output)")
    }

    @Test(arguments: [
        ("planted-early-exit", "Conditional jump or move depends on uninitialised value"),
        ("planted-first-match", "Conditional jump or move depends on uninitialised value"),
        ("planted-look-up", "Use of uninitialised value"),
        ("planted-truncation", "Use of uninitialised value"),
    ])
    func `a leak that is planted is found`(check: String, report: String) async throws {
        let (status, output) = try await examine(check)
        #expect(status == 99, "\(output)")
        #expect(output.contains(report), "\(output)")
        // What is planted is right but for its time, and is examined to its end.
        #expect(output.contains("\(check): "), "\(output)")
    }

    @Test func `without valgrind nothing counts as examined`() async throws {
        let program = Tool.product("timing-check")
        let (status, output) = try await Tool.run(program, ["moving-factor"])
        #expect(status == 2)
        #expect(output == "not under valgrind\n")
        let (usage, _) = try await Tool.run(program, ["no-such-check"])
        #expect(usage == 64)
    }
}
