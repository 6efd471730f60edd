namespace Pharos.Cli.Commands;

/// <summary>What <c>--enable-feature</c> names: Prometheus' features that are switched on, those that are always on or have no
/// counterpart here, and those that nobody knows.</summary>
internal static class FeatureFlags
{
    private const string AlwaysOn = "is always on and therefore a no-op";
    private const string NotHere = "has no counterpart in this program and changes nothing";

    /// <summary>Null for a feature that the flag does switch on.</summary>
    private static readonly Dictionary<string, string?> Known = new(StringComparer.Ordinal)
    {
        ["search-api"] = null,
        ["promql-delayed-name-removal"] = null,
        ["promql-per-step-stats"] = null,
        ["st-storage"] = null,
        ["created-timestamp-zero-ingestion"] = null,
        ["use-start-timestamps"] = null,
        ["type-and-unit-labels"] = null,
        ["extra-scrape-metrics"] = null,
        ["exemplar-storage"] = AlwaysOn,
        ["promql-experimental-functions"] = AlwaysOn,
        ["promql-duration-expr"] = AlwaysOn,
        ["promql-extended-range-selectors"] = AlwaysOn,
        ["promql-binop-fill-modifiers"] = AlwaysOn,
        ["promql-at-modifier"] = AlwaysOn,
        ["promql-negative-offset"] = AlwaysOn,
        ["native-histograms"] = AlwaysOn,
        ["metadata-wal-records"] = AlwaysOn,
        ["utf8-names"] = AlwaysOn,
        ["expand-external-labels"] = AlwaysOn,
        ["no-default-scrape-port"] = AlwaysOn,
        ["new-service-discovery-manager"] = AlwaysOn,
        ["remote-write-receiver"] = "changes nothing: use --web.enable-remote-write-receiver",
        ["otlp-write-receiver"] = "changes nothing: use --web.enable-otlp-receiver",
        ["auto-reload-config"] = "changes nothing: use --config.auto-reload",
        ["st-synthesis"] = NotHere,
        ["memory-snapshot-on-shutdown"] = NotHere,
        ["concurrent-rule-eval"] = NotHere,
        ["delayed-compaction"] = NotHere,
        ["old-ui"] = NotHere,
        ["otlp-deltatocumulative"] = null,
        ["otlp-native-delta-ingestion"] = null,
        ["use-uncached-io"] = NotHere,
        ["xor2-encoding"] = NotHere,
        ["histograms-st-encoding"] = NotHere,
        ["auto-gomaxprocs"] = NotHere,
        ["auto-gomemlimit"] = NotHere,
    };

    /// <param name="values">Of each time the flag was given: names with commas between.</param>
    /// <returns>The names that were given and mean something here, and one line for each that does not.</returns>
    public static (IReadOnlySet<string> Enabled, IReadOnlyList<string> Notes) Read(IEnumerable<string> values)
    {
        var enabled = new HashSet<string>(StringComparer.Ordinal);
        var notes = new List<string>();
        foreach (var name in values.SelectMany(value => value.Split(',')).Where(name => name.Length > 0).Distinct())
        {
            if (!Known.TryGetValue(name, out var note))
            {
                notes.Add($"Unknown option for --enable-feature: {name}");
            }
            else if (note is null)
            {
                enabled.Add(name);
            }
            else
            {
                notes.Add($"--enable-feature: {name} {note}");
            }
        }
        return (enabled, notes);
    }
}
