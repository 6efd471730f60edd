using Pharos.Storage.Text;

namespace Pharos.Server.Checks.Metrics;

/// <summary>Whether metrics keep to Prometheus' conventions, in promlint's words (client_golang, testutil/promlint).</summary>
internal static class MetricLint
{
    /// <summary>Sorted by metric, then by text.</summary>
    public static IReadOnlyList<(string Metric, string Text)> Problems(IEnumerable<TextFamily> families) =>
    [
        .. families.SelectMany(static family => Of(family).Select(text => (family.Name, text)))
            .OrderBy(static problem => problem.Name, StringComparer.Ordinal).ThenBy(static problem => problem.text, StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Of(TextFamily family) =>
    [
        .. Help(family), .. Units(family), .. Counter(family), .. Reserved(family), .. TypeInName(family), .. Colons(family),
        .. CamelCase(family), .. Abbreviations(family), .. Duplicates(family),
    ];

    private static IEnumerable<string> Help(TextFamily family) => family.Help is null ? ["no help text"] : [];

    private static IEnumerable<string> Units(TextFamily family) =>
        MetricUnits.Find(family.Name) is { } found && found.Unit != found.Base
            ? [$"use base unit {GoQuote.Quote(found.Base)} instead of {GoQuote.Quote(found.Unit)}"] : [];

    private static IEnumerable<string> Counter(TextFamily family) =>
        (family.Kind, family.Name.EndsWith("_total", StringComparison.Ordinal)) switch
        {
            (TextFamilyKind.Counter, false) => ["counter metrics should have \"_total\" suffix"],
            (not TextFamilyKind.Untyped and not TextFamilyKind.Counter, true) => ["non-counter metrics should not have \"_total\" suffix"],
            _ => [],
        };

    /// <summary>Endings and labels that only histograms and summaries have.</summary>
    private static IEnumerable<string> Reserved(TextFamily family)
    {
        if (family.Kind is TextFamilyKind.Untyped)
        {
            yield break;
        }
        var histogram = family.Kind is TextFamilyKind.Histogram;
        var summary = family.Kind is TextFamilyKind.Summary;
        if (!histogram && family.Name.EndsWith("_bucket", StringComparison.Ordinal))
        {
            yield return "non-histogram metrics should not have \"_bucket\" suffix";
        }
        foreach (var suffix in (string[])["_count", "_sum"])
        {
            if (!histogram && !summary && family.Name.EndsWith(suffix, StringComparison.Ordinal))
            {
                yield return $"non-histogram and non-summary metrics should not have \"{suffix}\" suffix";
            }
        }
        foreach (var (name, _) in family.Metrics.SelectMany(static metric => metric.Labels))
        {
            if (!histogram && name == "le")
            {
                yield return "non-histogram metrics should not have \"le\" label";
            }
            if (!summary && name == "quantile")
            {
                yield return "non-summary metrics should not have \"quantile\" label";
            }
        }
    }

    private static IEnumerable<string> TypeInName(TextFamily family)
    {
        var type = family.Kind.ToString()!.ToLowerInvariant();
        return family.Kind is not TextFamilyKind.Untyped && HasWord(family.Name, type)
            ? [$"metric name should not include type '{type}'"] : [];
    }

    private static IEnumerable<string> Colons(TextFamily family) =>
        family.Name.Contains(':', StringComparison.Ordinal) ? ["metric names should not contain ':'"] : [];

    private static IEnumerable<string> CamelCase(TextFamily family)
    {
        IEnumerable<string> ofName = IsCamelCase(family.Name) ? ["metric names should be written in 'snake_case' not 'camelCase'"] : [];
        return ofName.Concat(family.Metrics.SelectMany(static metric => metric.Labels).Where(static label => IsCamelCase(label.Key))
            .Select(static _ => "label names should be written in 'snake_case' not 'camelCase'"));
    }

    private static IEnumerable<string> Abbreviations(TextFamily family) => MetricUnits.Abbreviations
        .Where(unit => HasWord(family.Name, unit)).Select(static _ => "metric names should not contain abbreviated units");

    private static IEnumerable<string> Duplicates(TextFamily family)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return family.Metrics.Where(metric => !seen.Add(string.Join('\0', metric.Labels.Select(static label => $"{label.Key}\0{label.Value}"))))
            .Select(static _ => "metric not unique").ToList();
    }

    /// <summary>Between underscores or at the end, in any case.</summary>
    private static bool HasWord(string name, string word) =>
        name.Contains($"_{word}_", StringComparison.OrdinalIgnoreCase) || name.EndsWith($"_{word}", StringComparison.OrdinalIgnoreCase);

    private static bool IsCamelCase(string name) =>
        name.Zip(name.Skip(1)).Any(static pair => char.IsAsciiLetterLower(pair.First) && char.IsAsciiLetterUpper(pair.Second));
}
