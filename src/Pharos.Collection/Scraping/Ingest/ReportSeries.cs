using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>The series that every scrape writes about itself.</summary>
internal sealed class ReportSeries
{
    private readonly LabelSet[] _labels;
    private readonly ulong[] _references;

    public ReportSeries(bool extra, Func<string, LabelSet> labelsOf)
    {
        string[] names =
        [
            "up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling",
            "scrape_series_added",
        ];
        string[] more = ["scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes"];
        _labels = [.. (extra ? [.. names, .. more] : names).Select(labelsOf)];
        _references = new ulong[_labels.Length];
    }

    /// <summary>Values in the order of the names; those without a series are left out.</summary>
    public void Append(IMetricAppender batch, long timestampMs, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < _labels.Length; i++)
        {
            batch.Append(ref _references[i], _labels[i], timestampMs, values[i]);
        }
    }

    public void AppendMarkers(IMetricAppender batch, long timestampMs)
    {
        for (var i = 0; i < _labels.Length; i++)
        {
            batch.Append(ref _references[i], _labels[i], timestampMs, StaleMarker.Value);
        }
    }
}
