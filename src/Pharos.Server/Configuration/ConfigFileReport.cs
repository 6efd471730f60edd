namespace Pharos.Server.Configuration;

/// <summary>What one file holds: the keys that were understood, and what was found wrong with it.</summary>
public sealed record ConfigFileReport
{
    public required string File { get; init; }

    public required ConfigFileKind Kind { get; init; }

    /// <summary>Set where the file cannot be read at all; there are then no keys and no problems.</summary>
    public string? Unreadable { get; init; }

    /// <summary>In the order of their position.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; init; } = [];

    /// <summary>Keys that the file holds and Pharos acts on, list indices left out, with how often each stands there.</summary>
    public IReadOnlyDictionary<string, int> Honoured { get; init; } = new Dictionary<string, int>();

    /// <summary>The file's text, secrets replaced by <c>&lt;secret&gt;</c>: what status pages may show.</summary>
    public string TextWithoutSecrets { get; init; } = "";

    public bool HasErrors => Unreadable is not null || Problems.Any(problem => problem.Severity == ConfigSeverity.Error);

    /// <summary>What is accepted and not acted on, one problem per key.</summary>
    public IEnumerable<ConfigProblem> NotHonoured => Problems.Where(problem => problem.Kind == ConfigProblemKind.NotHonoured);

    internal static ConfigFileReport Of(ConfigReading reading, ConfigFileKind kind)
    {
        var not = reading.Problems.Where(problem => problem.Kind == ConfigProblemKind.NotHonoured)
            .Select(problem => ConfigReading.WithoutIndices(problem.Path)).ToHashSet(StringComparer.Ordinal);
        return new ConfigFileReport
        {
            File = reading.File,
            Kind = kind,
            Problems = reading.Problems,
            TextWithoutSecrets = reading.TextWithoutSecrets,
            // What stands below a key that is not honoured is not honoured either.
            Honoured = Honouring(reading, not),
        };
    }

    private static Dictionary<string, int> Honouring(ConfigReading reading, HashSet<string> not)
    {
        var honoured = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in reading.Keys)
        {
            if (!not.Any(path => key == path || key.StartsWith($"{path}.", StringComparison.Ordinal) || key.StartsWith($"{path}[", StringComparison.Ordinal)))
            {
                honoured.Add(key, reading.Count(key));
            }
        }
        return honoured;
    }
}
