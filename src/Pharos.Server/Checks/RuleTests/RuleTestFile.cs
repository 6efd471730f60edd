using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>A file of rule tests as it was written.</summary>
internal sealed record RuleTestFile
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);

    /// <summary>Absolute; patterns as the user wrote them.</summary>
    public required IReadOnlyList<string> RuleFiles { get; init; }

    public required TimeSpan EvaluationInterval { get; init; }

    public required IReadOnlyList<string> GroupEvalOrder { get; init; }

    /// <summary>Numbers may differ by the smallest step that a float can make.</summary>
    public required bool FuzzyCompare { get; init; }

    public required IReadOnlyList<RuleTestGroup> Tests { get; init; }

    /// <summary>Null, and the errors, where the file cannot be used.</summary>
    public static (RuleTestFile? File, IReadOnlyList<string> Errors) Read(string path, bool ignoreUnknownFields)
    {
        if (!ConfigText.TryRead(path, out var text, out var unreadable))
        {
            return (null, [$"open {path}: {unreadable}"]);
        }
        var reading = new ConfigReading(path, text) { IgnoresUnknownKeys = ignoreUnknownFields };
        var file = YamlTreeBuilder.Build(reading) is { } root && YamlValue.Root(reading, root).AsMapping() is { } map
            ? Read(map) : null;
        var errors = reading.Problems.Where(static problem => problem.Severity == ConfigSeverity.Error)
            .Select(static problem => problem.ToString()).ToList();
        if (file is not null && errors.Count == 0
            && file.GroupEvalOrder.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static names => names.Count() > 1) is { } twice)
        {
            errors.Add($"group name repeated in evaluation order: {twice.Key}");
        }
        return errors.Count == 0 && file is not null ? (file, []) : (null, errors);
    }

    private static RuleTestFile Read(YamlMappingReader map)
    {
        var interval = map.Duration("evaluation_interval");
        interval = interval > TimeSpan.Zero ? interval : DefaultInterval;
        var file = new RuleTestFile
        {
            RuleFiles = [.. map.Texts("rule_files").Select(map.Reading.Resolve)],
            EvaluationInterval = interval,
            GroupEvalOrder = map.Texts("group_eval_order"),
            FuzzyCompare = map.Flag("fuzzy_compare"),
            Tests = [.. map.List("tests").Select(test => test.AsMapping()).OfType<YamlMappingReader>()
                .Select(test => RuleTestGroup.Read(test, interval))],
        };
        map.Done();
        return file;
    }
}
