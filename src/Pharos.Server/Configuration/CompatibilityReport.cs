namespace Pharos.Server.Configuration;

/// <summary>What of a user's files Pharos honours, accepts without honouring, or cannot read.</summary>
public sealed record CompatibilityReport(IReadOnlyList<ConfigFileReport> Files)
{
    /// <summary>0: no error; 1: errors in files; 2: a file that cannot be read.</summary>
    public int ExitCode => Files.Any(file => file.Unreadable is not null) ? 2 : Files.Any(file => file.HasErrors) ? 1 : 0;

    /// <summary>One line per file that cannot be read, and per key that is not honoured or that the peer would refuse; a
    /// key that stands in a file several times is one line with its count.</summary>
    public IEnumerable<string> KeyLines()
    {
        foreach (var file in Files)
        {
            if (file.Unreadable is { } reason)
            {
                yield return $"{file.File}: {reason}";
            }
            if (file.Problems.Count == 0)
            {
                continue;
            }
            var keys = file.Problems.Where(problem => problem.Kind != ConfigProblemKind.Wrong)
                .GroupBy(problem => (Path: ConfigReading.WithoutIndices(problem.Path), problem.Message));
            foreach (var key in keys)
            {
                var first = key.First();
                var count = key.Count() > 1 ? $" ({key.Count()} times)" : "";
                yield return $"{file.File}:{first.Line}: {key.Key.Path}{count}: {key.Key.Message}";
            }
        }
    }
}
