using System.CommandLine;

namespace Pharos.Cli.Commands;

/// <summary>Flags of Prometheus that are taken so that a command line works unchanged, and that change nothing here: whoever
/// gives one is told in one line what happens instead.</summary>
internal sealed class AcceptedFlags
{
    private const string OwnStorage = "the store of this program sizes its own files";

    private static readonly (string Name, string WhenMissing, string Instead)[] Texts =
    [
        ("web.console.templates", "consoles", "there are no console templates"),
        ("web.console.libraries", "console_libraries", "there are no console libraries"),
        ("web.user-assets", "", "no files of your own are served"),
        ("storage.tsdb.min-block-duration", "2h", OwnStorage),
        ("storage.tsdb.max-block-duration", "", OwnStorage),
        ("storage.tsdb.max-block-chunk-segment-size", "0B", OwnStorage),
        ("storage.tsdb.wal-segment-size", "0B", OwnStorage),
        ("storage.tsdb.wal-compression-type", "snappy", OwnStorage),
        ("storage.tsdb.head-chunks-write-queue-size", "0", OwnStorage),
        ("storage.tsdb.samples-per-chunk", "120", OwnStorage),
        ("rules.max-concurrent-evals", "4", "up to 8 groups evaluate at once, the rules of a group one after the other"),
        ("auto-gomemlimit.ratio", "0.9", "it tunes Go's memory limit; .NET takes the container's by itself"),
        ("scrape.timestamp-tolerance", "2ms", "a scrape at most 10 ms late carries its tick's time"),
    ];

    private static readonly (string Name, bool WhenMissing, string Instead)[] Switches =
    [
        ("storage.tsdb.no-lockfile", false, "the data folder is locked all the same, for two servers would spoil it"),
        ("storage.tsdb.allow-overlapping-blocks", true, "they are always allowed"),
        ("storage.tsdb.wal-compression", true, OwnStorage),
        ("auto-gomaxprocs", true, "it tunes Go's threads; .NET takes the container's limit by itself"),
        ("auto-gomemlimit", true, "it tunes Go's memory limit; .NET takes the container's by itself"),
        ("scrape.adjust-timestamps", true, "a scrape at most 10 ms late carries its tick's time"),
    ];

    private readonly List<(Option Option, string Instead)> _all = [];

    public AcceptedFlags()
    {
        foreach (var (name, whenMissing, instead) in Texts)
        {
            var option = new Option<string?>("--" + name) { DefaultValueFactory = _ => whenMissing };
            Add(option, instead);
        }
        foreach (var (name, whenMissing, instead) in Switches)
        {
            Add(new Option<bool>("--" + name) { DefaultValueFactory = _ => whenMissing }, instead);
        }
    }

    public IEnumerable<Option> All => _all.Select(static flag => flag.Option);

    /// <summary>One line for each that was given.</summary>
    public IEnumerable<string> Notes(ParseResult parsed) => _all
        .Where(flag => parsed.GetResult(flag.Option) is { Implicit: false })
        .Select(static flag => $"{flag.Option.Name} changes nothing: {flag.Instead}");

    private void Add(Option option, string instead)
    {
        option.Description = $"Accepted, changes nothing: {instead}.";
        _all.Add((option, instead));
    }
}
