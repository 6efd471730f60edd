using System.Text.Json;
using Pharos.Collection.Exposition;

namespace Pharos.Conformance.Tests.Exposition;

/// <summary>The official OpenMetrics parser suite: what it calls good is read, what it calls bad is refused, but for the rows of one table.</summary>
public sealed class OpenMetricsSuiteTests
{
    private const string Folder = "openmetrics/tests/testdata/parsers";

    private const string ExemplarAnywhere = "an exemplar is read on any sample";
    private const string ExemplarLength = "its 129 characters are the exemplar store's limit: the sample is kept, the exemplar is not";
    private const string Metadata = "metadata may stand anywhere and come again: the last wins";
    private const string Order = "order is the store's matter: a sample out of order is counted, not fatal";
    private const string Types = "labels and samples are not checked against the type";
    private const string Values = "values are not checked against the type";

    /// <summary>What the suite calls bad and Prometheus 3.14 reads all the same, so it is read here, too: a target that works
    /// there must work here. With what Prometheus does instead.</summary>
    private static readonly (string Name, int[] Numbers, string Reason)[] ReadAsPrometheusDoes =
    [
        ("bad_clashing_names", [0, 1, 2], "families are not checked against each other"),
        ("bad_counter_values", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], Values),
        ("bad_exemplar_complex_chars", [], ExemplarLength),
        ("bad_exemplars", [6], ExemplarLength),
        ("bad_exemplars_on_unallowed_metric_types", [0, 1, 2], ExemplarAnywhere),
        ("bad_exemplars_on_unallowed_samples", [0, 1, 2, 3], ExemplarAnywhere),
        ("bad_grouping_or_ordering", [0, 2, 3, 4, 5, 6, 7, 8, 9, 10], Order),
        ("bad_histograms", [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14], "buckets, counts and sums are not checked against each other"),
        ("bad_info_and_stateset_values", [0, 1], Values),
        ("bad_metadata_in_wrong_place", [0, 1, 2], Metadata),
        ("bad_missing_or_extra_commas", [2], "one comma behind the last label is allowed"),
        ("bad_missing_or_invalid_labels_for_a_type", [0, 1, 2, 3, 4, 5, 6, 7], Types),
        ("bad_repeated_metadata", [0, 1, 3], Metadata),
        ("bad_stateset_info_values", [0, 1, 2, 3], Values),
        ("bad_unit", [6, 7], "units are not checked against the type"),
    ];

    [Fact]
    public void Every_case_is_judged_as_the_suite_says_or_as_the_table_does()
    {
        var exceptions = ReadAsPrometheusDoes
            .SelectMany(row => row.Numbers.Length == 0 ? [(row.Name, row.Reason)] : row.Numbers.Select(number => ($"{row.Name}_{number}", row.Reason)))
            .ToDictionary(row => row.Item1, row => row.Reason, StringComparer.Ordinal);
        var problems = new List<string>();
        var cases = 0;
        foreach (var folder in Directory.GetDirectories(ConformanceFiles.Path(Folder)).Order(StringComparer.Ordinal))
        {
            cases++;
            using var test = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "test.json")));
            var isGood = test.RootElement.GetProperty("shouldParse").GetBoolean();
            var fault = FaultOf(File.ReadAllBytes(Path.Combine(folder, test.RootElement.GetProperty("file").GetString()!)));
            var isException = exceptions.Remove(Path.GetFileName(folder), out var reason);
            if ((fault is null) != (isGood || isException) || (isGood && isException))
            {
                problems.Add($"{Path.GetFileName(folder)}: {fault ?? "read"}; the suite says {(isGood ? "good" : "bad")}, the table {reason ?? "nothing"}");
            }
        }
        Assert.Empty(problems);
        Assert.Empty(exceptions.Keys);
        Assert.InRange(cases, 200, int.MaxValue);
    }

    /// <summary>Why a scrape of the body fails before the store has a say.</summary>
    private static string? FaultOf(byte[] body)
    {
        var parser = new ExpositionParser(body, ExpositionFormat.OpenMetrics);
        var labels = new ExposedLabels();
        while (true)
        {
            switch (parser.Next())
            {
                case ExpositionEntry.End:
                    return null;
                case ExpositionEntry.Fault:
                    return parser.Fault;
                case ExpositionEntry.Series:
                    parser.ReadLabels(labels);
                    if (labels.Duplicate is { } name)
                    {
                        return $"label name {name} is not unique";
                    }
                    break;
            }
        }
    }
}
