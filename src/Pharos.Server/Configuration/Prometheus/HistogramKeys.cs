using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Accepts the keys of native histograms, which are not stored yet.</summary>
internal static class HistogramKeys
{
    public static void Accept(YamlMappingReader section)
    {
        foreach (var key in (ReadOnlySpan<string>)["scrape_native_histograms", "convert_classic_histograms_to_nhcb"])
        {
            if (section.OptionalFlag(key) == true)
            {
                section.KeyOf(key)!.NotHonoured("native histograms are not stored yet; classic ones are");
            }
        }
        // Classic histograms are always scraped.
        section.OptionalFlag("always_scrape_classic_histograms");
    }
}
