using Pharos.Collection.Scraping;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads exposition formats by the names that files use.</summary>
internal static class ScrapeProtocolNames
{
    private static readonly (string Name, ScrapeProtocol Protocol)[] Names =
    [
        ("OpenMetricsText0.0.1", ScrapeProtocol.OpenMetricsText001),
        ("OpenMetricsText1.0.0", ScrapeProtocol.OpenMetricsText100),
        ("PrometheusProto", ScrapeProtocol.PrometheusProto),
        ("PrometheusText0.0.4", ScrapeProtocol.PrometheusText004),
        ("PrometheusText1.0.0", ScrapeProtocol.PrometheusText100),
    ];

    public static IReadOnlyList<ScrapeProtocol>? ReadList(YamlMappingReader section)
    {
        if (section.Find("scrape_protocols") is not { } list)
        {
            return null;
        }
        var protocols = new List<ScrapeProtocol>();
        foreach (var item in list.AsList())
        {
            if (Read(item, "scrape_protocols") is not { } protocol)
            {
                continue;
            }
            if (protocols.Contains(protocol))
            {
                item.Error("duplicated protocol in scrape_protocols, got " +
                    $"[{string.Join(' ', list.AsList().Select(each => each.AsText()))}]");
            }
            protocols.Add(protocol);
        }
        return protocols.Count == 0 ? null : protocols;
    }

    /// <param name="what">Stands before the message about a protocol that there is not.</param>
    public static ScrapeProtocol? Read(YamlValue value, string what)
    {
        if (value.AsText() is not { } name)
        {
            return null;
        }
        var at = Array.FindIndex(Names, pair => pair.Name == name);
        if (at < 0)
        {
            value.Error($"{what}: unknown scrape protocol {name}, supported: [{string.Join(' ', Names.Select(n => n.Name))}]");
            return null;
        }
        return Names[at].Protocol;
    }
}
