using System.Text.Json;
using Pharos.Collection.Exposition;

namespace Pharos.Collection.Tests.Exposition;

public sealed class OpenMetricsCorpusTests
{
    /// <summary>What the specification calls bad and Prometheus reads all the same, so we read it too: a target that
    /// works there must work here. Each with what Prometheus does instead.</summary>
    private static readonly (string Name, int[] Numbers, string Reason)[] ReadLikePrometheus =
    [
        ("bad_clashing_names", [0, 1, 2], "families are not checked against each other"),
        ("bad_counter_values", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], "values are not checked against the type"),
        ("bad_exemplar_complex_chars", [], "an exemplar's length is the exemplar store's limit, not the parser's"),
        ("bad_exemplars", [6], "an exemplar's length is the exemplar store's limit, not the parser's"),
        ("bad_exemplars_on_unallowed_metric_types", [0, 1, 2], "an exemplar is read on any sample"),
        ("bad_exemplars_on_unallowed_samples", [0, 1, 2, 3], "an exemplar is read on any sample"),
        ("bad_grouping_or_ordering", [0, 2, 3, 4, 5, 6, 7, 8, 9, 10], "order is the store's matter: a sample out of order is counted, not fatal"),
        ("bad_histograms", [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14], "buckets, counts and sums are not checked against each other"),
        ("bad_info_and_stateset_values", [0, 1], "values are not checked against the type"),
        ("bad_invalid_labels", [2, 5], "a label that comes twice is reported by ExposedLabels.Duplicate and fails the scrape there"),
        ("bad_metadata_in_wrong_place", [0, 1, 2], "metadata may stand anywhere"),
        ("bad_missing_or_extra_commas", [2], "one comma behind the last label is allowed"),
        ("bad_missing_or_invalid_labels_for_a_type", [0, 1, 2, 3, 4, 5, 6, 7], "labels are not checked against the type"),
        ("bad_repeated_metadata", [0, 1, 3], "the last metadata wins"),
        ("bad_stateset_info_values", [0, 1, 2, 3], "values are not checked against the type"),
        ("bad_unit", [6, 7], "units are not checked against the type"),
    ];

    [Fact]
    public void Every_good_body_is_read_and_bad_ones_are_refused_but_for_what_Prometheus_accepts()
    {
        var root = Conformance.Require("openmetrics", "tests", "testdata", "parsers");
        var refused = new List<string>();
        var accepted = new List<string>();
        foreach (var folder in Directory.GetDirectories(root).Order(StringComparer.Ordinal))
        {
            using var test = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "test.json")));
            var good = test.RootElement.GetProperty("shouldParse").GetBoolean();
            var body = File.ReadAllBytes(Path.Combine(folder, test.RootElement.GetProperty("file").GetString()!));
            var exposed = Exposed.Read(body, ExpositionFormat.OpenMetrics);
            if (good && exposed.Fault is not null)
            {
                refused.Add($"{Path.GetFileName(folder)}: {exposed.Fault}");
            }
            if (!good && exposed.Fault is null)
            {
                accepted.Add(Path.GetFileName(folder));
            }
        }
        Assert.Empty(refused);
        var expected = ReadLikePrometheus.SelectMany(row => row.Numbers.Length == 0
            ? [row.Name] : row.Numbers.Select(number => $"{row.Name}_{number}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), accepted);
    }
}
