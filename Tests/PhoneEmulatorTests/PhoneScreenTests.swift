import PhoneEmulator
import PushMessages
import Testing

struct PhoneScreenTests {
    private let press: PromptPress

    init() throws { press = try PromptPress() }

    /// 2026-11-24 15:05:11 UTC.
    private static let now: Int64 = 1_795_532_711_000

    @Test func `shows who asks, for what, from where and when, and wants the number typed`() throws
    {
        let prompt = try press.prompt(phone: samplePhone(), issuedAt: Self.now)
        #expect(
            PhoneScreen.text(prompt, at: Self.now + 1_500) == """

                  Example asks: is it you who signs in?

                    account      alice
                    application  ssh
                    detail       ssh to db1
                    place        192.0.2.7 (DE)
                    time         2026-11-24 15:05:11 UTC
                    expires in   58 s

                  Type the number that you see there (2 digits).
                  n declines, ! says that it is not you.
                  > \

                """)
    }

    @Test func `offers three numbers where the server does`() throws {
        let shown = Prompt.Shown(server: "Example", user: "alice", application: "ssh")
        let prompt = try press.prompt(
            phone: samplePhone(), issuedAt: Self.now, choices: ["07", "60", "93"], shown: shown)
        let text = PhoneScreen.text(prompt, at: Self.now)
        #expect(text.contains("\n  Which number do you see there?   1) 07   2) 60   3) 93\n"))
        #expect(text.contains("\n    place        unknown\n"))
        #expect(!text.contains("detail"))
    }

    @Test(arguments: [
        ("60", PhoneScreen.Entry.approve(number: "60")), (" 6 0 ", .approve(number: "60")),
        ("n", .decline), ("N ", .decline), ("!", .notMe),
    ])
    func `a typed number approves, n declines, ! is not me`(
        _ line: String, _ entry: PhoneScreen.Entry
    ) throws {
        let prompt = try press.prompt(phone: samplePhone(), issuedAt: Self.now)
        #expect(PhoneScreen.entry(line, for: prompt) == entry)
    }

    @Test(arguments: ["", "6", "600", "y", "yes", "no", "٦٠", "6a", "-1", "!!"])
    func `anything else decides nothing`(_ line: String) throws {
        let typed = try press.prompt(phone: samplePhone(), issuedAt: Self.now)
        let chosen = try press.prompt(
            phone: samplePhone(), issuedAt: Self.now, choices: ["07", "60", "93"])
        #expect(
            PhoneScreen.entry(line, for: typed)
                == .unclear("  That is no number of 2 digits.\n  > "))
        #expect(
            PhoneScreen.entry(line, for: chosen)
                == .unclear("  That is none of the numbers.\n  > "))
    }

    @Test func `a number is chosen by itself or by its place`() throws {
        let prompt = try press.prompt(
            phone: samplePhone(), issuedAt: Self.now, choices: ["07", "60", "93"])
        #expect(PhoneScreen.entry("60", for: prompt) == .approve(number: "60"))
        #expect(PhoneScreen.entry("1", for: prompt) == .approve(number: "07"))
        #expect(PhoneScreen.entry("3", for: prompt) == .approve(number: "93"))
        for line in ["0", "4", "61", "1 2"] {
            #expect(
                PhoneScreen.entry(line, for: prompt)
                    == .unclear("  That is none of the numbers.\n  > "))
        }
    }

    @Test(arguments: [
        (0, "1970-01-01 00:00:00 UTC"), (-1, "1970-01-01 00:00:00 UTC"),
        (951_782_399_999, "2000-02-28 23:59:59 UTC"), (951_782_400_000, "2000-02-29 00:00:00 UTC"),
        (951_868_800_000, "2000-03-01 00:00:00 UTC"),
        (4_107_542_400_000, "2100-03-01 00:00:00 UTC"),
        (4_107_542_399_000, "2100-02-28 23:59:59 UTC"),
        (1_735_689_599_000, "2024-12-31 23:59:59 UTC"),
    ])
    func `times read as dates`(_ milliseconds: Int64, _ text: String) {
        #expect(UTCTime.text(milliseconds) == text)
    }
}
