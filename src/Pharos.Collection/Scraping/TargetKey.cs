using Pharos.Collection.Exposition;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>Two targets of a job with the same key are one.</summary>
internal readonly record struct TargetKey(
    LabelSet Labels, string Url, TimeSpan Interval, TimeSpan Timeout, HistogramReading Histograms, string UnixSocket);
