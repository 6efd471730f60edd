namespace Pharos.Server.Checks.RuleTests;

/// <summary>How rule tests are run; the names are those of promtool's flags.</summary>
public sealed record RuleTestOptions
{
    /// <summary>Regular expressions (RE2); only groups of tests whose name one of them finds are run. None means all.</summary>
    public IReadOnlyList<string> Run { get; init; } = [];

    /// <summary>Says when each group of tests starts and ends, and what data it had.</summary>
    public bool Debug { get; init; }

    /// <summary>Shows failures as lines that are missing and lines that are too many.</summary>
    public bool Diff { get; init; }

    /// <summary>Keys that are not known are no errors.</summary>
    public bool IgnoreUnknownFields { get; init; }

    /// <summary>Names of metrics go only at a query's end, as with Prometheus' feature of that name.</summary>
    public bool DelayedNameRemoval { get; init; }
}
