using Pharos.Collection.Exposition;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Scraping;

/// <summary>The labels by which a target overrides what its job says of histograms.</summary>
internal static class TargetHistograms
{
    private const string Native = "__scrape_native_histograms__";
    private const string AlwaysClassic = "__always_scrape_classic_histograms__";
    private const string ConvertClassic = "__convert_classic_histograms_to_nhcb__";

    public static void SetDefaults(LabelSetBuilder labels, ScrapeJobOptions job, Action<LabelSetBuilder, string, string> set)
    {
        set(labels, Native, Text(job.ScrapeNativeHistograms));
        set(labels, AlwaysClassic, Text(job.AlwaysScrapeClassicHistograms));
        set(labels, ConvertClassic, Text(job.ConvertClassicHistograms));
    }

    /// <returns>Null, or which label is neither true nor false.</returns>
    public static string? Read(LabelSetBuilder labels, out HistogramReading reading)
    {
        var fault = ReadFlag(labels, Native, out var native);
        fault = ReadFlag(labels, AlwaysClassic, out var classic) ?? fault;
        fault = ReadFlag(labels, ConvertClassic, out var convert) ?? fault;
        reading = new HistogramReading(native, classic, convert, StartTimes: false);
        return fault;
    }

    private static string Text(bool value) => value ? "true" : "false";

    /// <summary>The spellings that Go's ParseBool knows; a label that relabeling removed is false.</summary>
    private static string? ReadFlag(LabelSetBuilder labels, string name, out bool value)
    {
        var text = labels[name];
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return value || text is "" or "0" or "f" or "F" or "false" or "FALSE" or "False"
            ? null : $"error parsing {name}: {GoQuote.Quote(text)} is neither true nor false";
    }
}
